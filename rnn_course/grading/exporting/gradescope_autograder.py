"""An autograder for Gradescope: our judge in Gradescope's container.

What protects it there. Gradescope makes a container for each submission, so that no submission
reaches another; but judge and submission stand in the same one. The wall is built inside it as on
any machine, where the container allows namespaces and Landlock. Where it does not, nothing stands
between a submission and the judge, its seed and the model answers: then nothing is graded, unless
the autograder was made to trust submissions.

What Gradescope asks for: ``setup.sh`` and an executable ``run_autograder`` at the top of the zip;
the zip is unpacked to ``/autograder/source`` and `setup.sh` runs once, as root; for each submission
``run_autograder`` is run in ``/autograder``, reads ``submission/``, writes
``results/results.json``.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

import rnn_course
from rnn_course.checks.courses import SOLUTIONS, located
from rnn_course.checks.coursework import Coursework
from rnn_course.grading.gradebook.course import CONFIG_FILE
from rnn_course.grading.intake.release import Release

_PACKAGE = Path(rnn_course.__file__).parent
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same marks from the same zip, byte for byte
_RUNNABLE = {"setup.sh", "run_autograder"}
_PROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "rnn-course"
version = "{version}"
requires-python = ">=3.11,<3.14"

[project.scripts]
rnn-course = "rnn_course.cli:main"

[tool.setuptools.packages.find]
include = ["rnn_course*"]

[tool.setuptools.package-data]
"*" = ["*", "**/*"]
"""
_SETUP = """\
#!/usr/bin/env bash
# Runs once, as root, when Gradescope builds the image.
set -euo pipefail
cd /autograder/source
apt-get update
for python in 3.13 3.12 3.11; do
  apt-get install -y --no-install-recommends "python$python" "python$python-venv" && break
done
"python$python" -m venv /autograder/venv
pip=/autograder/venv/bin/pip
$pip install --no-cache-dir "torch=={torch}" --index-url https://download.pytorch.org/whl/cpu
$pip install --no-cache-dir -r requirements.txt ./package
export RNN_COURSE_SECRET_SEED_FILE=/autograder/source/secret_seed
/autograder/venv/bin/python -c \\
  'from rnn_course.grading.judge.secret_seed import secret_seed; secret_seed()'
chmod -R go-rwx /autograder/source
# says in the build's log what protects the judge from submissions in this container
/autograder/venv/bin/rnn-course doctor || true
"""
_RUN = """\
#!/usr/bin/env bash
# Runs for each submission.
base="${AUTOGRADER:-/autograder}"
export RNN_COURSE_SECRET_SEED_FILE="$base/source/secret_seed" OMP_NUM_THREADS=1
exec "${AUTOGRADER_PYTHON:-$base/venv/bin/python}" \\
  -m rnn_course.grading.exporting.gradescope_run "$base"
"""


def autograder_zip(root: Path, coursework: Coursework, *, trust: bool = False) -> bytes:
    """Return the zip for Gradescope's *Configure Autograder*. It holds the model answers.

    Args:
        root: the course's folder.
        coursework: what is graded.
        trust: grade also where the container cannot be walled.

    Raises:
        GradingError: the coursework has not been built.
    """
    Release.load(coursework.name, root)  # what cannot be graded here cannot be graded there
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(root, coursework.name, trust):
            about = zipfile.ZipInfo(name, _EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = (0o100755 if name in _RUNNABLE else 0o100644) << 16
            archive.writestr(about, content)
    return buffer.getvalue()


def _files(root: Path, name: str, trust: bool) -> Iterator[tuple[str, bytes]]:
    pinned = dict(_pinned())
    torch = pinned.pop("torch")
    yield "setup.sh", _SETUP.replace("{torch}", torch).encode()
    yield "run_autograder", _RUN.encode()
    yield "settings.json", json.dumps({"coursework": name, "trust": trust}, indent=1).encode()
    yield "requirements.txt", "".join(f"{p}=={v}\n" for p, v in sorted(pinned.items())).encode()
    yield "package/pyproject.toml", _PROJECT.format(version=rnn_course.__version__).encode()
    yield from _tree(_PACKAGE, f"package/{_PACKAGE.name}")
    yield f"course/{CONFIG_FILE}", (root / CONFIG_FILE).read_bytes()
    yield from _tree(located(name, root).path, f"course/{SOLUTIONS}/{name}")
    yield from _tree(root / "assignments" / name, f"course/assignments/{name}")


def _tree(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__pycache__")) for part in inside.parts)
        if path.is_file() and not hidden:
            yield f"{name}/{inside.as_posix()}", path.read_bytes()


def _pinned() -> Iterator[tuple[str, str]]:
    """Yield what grading needs at the versions that are installed here: for the same marks."""
    for text in requires("rnn-course") or ():
        need = Requirement(text)
        wanted = need.marker is None or any(
            need.marker.evaluate({"extra": extra}) for extra in ("", "instructor")
        )
        if not wanted or need.name in ("rnn-course", "jupyterlab"):
            continue
        try:
            yield need.name, version(need.name).partition("+")[0]
        except PackageNotFoundError:  # of another system than this one
            continue
