"""Names from archives and rosters, made such that any file system and any shell can bear them."""

import hashlib
import unicodedata
from pathlib import PurePosixPath

from rnn_course.grading.intake.staging import ODD

_MOST_BYTES = 120  # ext4 and NTFS take 255, and a name may yet get a mark in front or behind
_LEADING = "=+-@.~ "  # what a spreadsheet, a shell or a listing takes for something else
_JUNK = frozenset(
    {
        "__MACOSX",
        "__pycache__",
        ".DS_Store",
        ".git",
        ".ipynb_checkpoints",
        ".Trash",
        "Thumbs.db",
        "desktop.ini",
    }
)


def parts_of(raw: str) -> tuple[str, ...]:
    """Return the parts of a path that lead neither up nor to a root, however it was written."""
    text = unicodedata.normalize("NFC", raw.encode(errors="replace").decode())
    parts = [part.strip() for part in text.replace("\\", "/").split("/")]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":":  # a drive of Windows
        del parts[0]
    return tuple(part for part in parts if part not in ("", ".", ".."))


def is_junk(parts: tuple[str, ...]) -> bool:
    """Tell whether a file is what a system or an editor leaves behind, not what somebody wrote."""
    return any(part in _JUNK or part.startswith("._") for part in parts)


def safe_path(raw: str) -> str:
    """Return a relative path with ``/`` whose parts all are plain names, "" if nothing is left."""
    return "/".join(map(safe_name, parts_of(raw)))


def safe_name(name: str) -> str:
    """Return a file name without characters that mean something, short, its ending kept.

    A name that had to be cut carries a digest of the whole one, so that two of them stay two.
    """
    plain = "".join("_" if c in ODD or not c.isprintable() else c for c in name)
    if len(plain.encode()) <= _MOST_BYTES:
        return plain
    mark = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:8]
    ending = PurePosixPath(plain).suffix
    ending = ending if len(ending.encode()) <= 20 else ""
    room = _MOST_BYTES - len(ending.encode()) - len(mark) - 1
    cut = plain.removesuffix(ending).encode()[:room].decode(errors="ignore")
    return f"{cut}~{mark}{ending}"


def folder_name(text: str) -> str:
    """Return a name for somebody's folder: one part, plain, led by nothing that means something."""
    return safe_name("_".join(parts_of(text)).lstrip(_LEADING)) or "nameless"
