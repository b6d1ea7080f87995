"""A coursework to begin with: it builds, is graded and audited as it stands."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import nbformat

from rnn_course.authoring.normalise import as_text, normalised
from rnn_course.checks.courses import SOLUTIONS, find
from rnn_course.errors import AuthoringError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 60
IGNORED = (
    "/solutions/*/*.checks",
    "/collected/",
    "/submitted/",
    "/autograded/",
    "/results/",
    "/feedback/",
    "/demo/",
    "*.db",
    "__pycache__/",
    ".ipynb_checkpoints/",
)
"""What no repository of a course should hold: what is derived, and what students hand in."""


def new(name: str, root: Path | str = ".") -> list[Path]:
    """Make a coursework with one question of each kind, and what a course's folder needs.

    Nothing is overwritten; what is there already is left as it is.

    Args:
        name: of the coursework.
        root: the course's folder; made if it is not there.

    Returns:
        The files that were written.

    Raises:
        AuthoringError: the name will not do, or is taken.
    """
    root = Path(root)
    _require_free(name, root)
    course = re.sub(r"[^A-Za-z0-9_-]+", "-", root.resolve().name).strip("-") or "course"
    written = [path for path, text in _files(name, root, course) if _write(path, text)]
    return written + _ignore(root / ".gitignore")


def _require_free(name: str, root: Path) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise AuthoringError(
            f"a name of small letters, digits and _, at most {_LONGEST}, such as week_1",
            repr(name),
            "Choose another: it names folders and files, and stands in the notebook.",
        )
    folder = root / SOLUTIONS / name
    if folder.exists() or name in find(root):
        raise AuthoringError(
            f"a name that is not taken in {root.resolve()}",
            f"{name!r}, which is in {folder if folder.exists() else 'an installed package'}",
            "Choose another, or move the old coursework away.",
        )


def _files(name: str, root: Path, course: str) -> Iterator[tuple[Path, str]]:
    given = {"name": name, "course": course}
    notebook = nbformat.reads(_template("notebook.ipynb", given), as_version=4)
    yield root / SOLUTIONS / name / f"{name}.ipynb", as_text(normalised(notebook))
    yield root / SOLUTIONS / name / "questions.py", _template("questions.py", given)
    yield root / "nbgrader_config.py", _template("nbgrader_config.py", given)
    yield root / ".github/workflows/rnn-course.yml", _template("rnn-course.yml", given)


def _template(file: str, given: Mapping[str, str]) -> str:
    text = files("rnn_course.authoring").joinpath("templates", file).read_text(encoding="utf-8")
    for key, value in given.items():
        text = text.replace("{{" + key + "}}", value)
    return text


def _write(path: Path, text: str) -> bool:
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def _ignore(path: Path) -> list[Path]:
    """Add to .gitignore the lines that it lacks."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [line for line in IGNORED if line not in before.splitlines()]
    if not missing:
        return []
    start = before if not before or before.endswith("\n") else before + "\n"
    path.write_text(start + "\n".join(missing) + "\n", encoding="utf-8", newline="\n")
    return [path]
