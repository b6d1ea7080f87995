"""The package as students get it: without what grades and what builds courseworks.

A wheel is a zip file with a fixed layout (PyPA, "Binary distribution format"). It is made of the
package that is installed here, so an instructor needs no checkout, and the same package gives the
same bytes.
"""

import base64
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterable, Mapping
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import rnn_course
from rnn_course.errors import AuthoringError

INSTRUCTORS = ("authoring", "grading")
_DISTRIBUTION = "rnn-course"
_EXTRAS = ("lab",)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can hold


def student_wheel() -> tuple[str, bytes]:
    """Return the name and the content of the students' wheel.

    Raises:
        AuthoringError: the package is imported from a folder that nothing installed.
    """
    version, metadata = _metadata()
    info = f"rnn_course-{version}.dist-info"
    files = dict(_package()) | {
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: rnn-course handout\n"
        b"Root-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": b"[console_scripts]\nrnn-course = rnn_course.cli:main\n",
        f"{info}/top_level.txt": b"rnn_course\n",
    }
    record = "".join(f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return f"rnn_course-{version}-py3-none-any.whl", zipped(files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip whose bytes depend on nothing else."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return made.getvalue()


def _package() -> Iterable[tuple[str, bytes]]:
    package = Path(rnn_course.__file__).parent
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.is_file() and inside.parts[0] not in INSTRUCTORS and _is_content(inside):
            yield f"rnn_course/{inside.as_posix()}", path.read_bytes()


def _is_content(path: Path) -> bool:
    return "__pycache__" not in path.parts and not path.name.startswith(".")


def _metadata() -> tuple[str, bytes]:
    try:
        own = distribution(_DISTRIBUTION)
    except PackageNotFoundError as error:
        raise AuthoringError(
            f"an installed {_DISTRIBUTION}, to know what students need beside it",
            f"a package that is imported from {Path(rnn_course.__file__).parent}",
            "Run: pip install, in an environment, and use its rnn-course.",
        ) from error
    said = Message()
    said["Metadata-Version"] = "2.1"
    said["Name"], said["Version"] = _DISTRIBUTION, own.version
    said["Summary"] = own.metadata["Summary"]
    said["Requires-Python"] = own.metadata["Requires-Python"]
    for extra in _EXTRAS:
        said["Provides-Extra"] = extra
    for needed in own.requires or ():
        if "extra ==" not in needed or any(f'extra == "{e}"' in needed for e in _EXTRAS):
            said["Requires-Dist"] = needed
    return own.version, said.as_bytes()


def _digest(data: bytes) -> str:
    """Return a file's digest as RECORD wants it: base64 for addresses, without its padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


if __name__ == "__main__":
    _name, _content = student_wheel()
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    Path(sys.argv[1], _name).write_bytes(_content)
