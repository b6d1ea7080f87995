"""Derive the student's version with nbgrader itself, away from every gradebook."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from traitlets.config import Config, PyFileConfigLoader

from rnn_course.checks.named import NAMED
from rnn_course.errors import AuthoringError

CONFIG = "nbgrader_config.py"


def course_config(root: Path) -> Config:
    """Read the course's ``nbgrader_config.py``.

    Raises:
        AuthoringError: it is not there.
    """
    if not (root / CONFIG).is_file():
        raise AuthoringError(
            f"{CONFIG} in {root}",
            "no such file",
            "Run the command in the course's folder, or name it with --root.",
        )
    return PyFileConfigLoader(CONFIG, path=str(root)).load_config()


def derive(root: Path, source: Path, coursework: str) -> dict[str, bytes]:
    """Return the files that students get of a coursework, by their path below its folder.

    nbgrader works on a copy and without a gradebook; nothing under ``root`` is touched.

    Args:
        root: folder with ``nbgrader_config.py``.
        source: the coursework's folder, with its model answers.
        coursework: its name.

    Raises:
        AuthoringError: nbgrader refuses the notebook; the text ends with nbgrader's own words.
    """
    config = course_config(root)
    with tempfile.TemporaryDirectory(prefix="rnn-course-release-") as place:
        copy = Path(place)
        left = shutil.ignore_patterns("questions", "*.py", "*.checks", NAMED, "__pycache__")
        shutil.copytree(source, copy / "solutions" / coursework, ignore=left)
        config.CourseDirectory.root = place
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
        config.CourseDirectory.assignment_id = coursework
        folders = CourseDirectory(config=config)
        outcome = capture_log(GenerateAssignment(coursedir=folders, config=config))
        if not outcome["success"]:
            said = outcome.get("log") or outcome["error"]
            raise AuthoringError(
                f"a notebook of {coursework} that nbgrader can release",
                f"its refusal: {said.strip()[-1500:]}",
                "Mend what nbgrader names, most often a solution region or cell metadata.",
            )
        return read_tree(copy / "assignments" / coursework)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path, with forward slashes; {} without a folder.

    What an open JupyterLab or an interpreter leaves there is not counted.
    """
    left_over = {".ipynb_checkpoints", "__pycache__"}
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not left_over.intersection(file.parts)
    }


def write_tree(folder: Path, files: dict[str, bytes]) -> None:
    """Make a folder hold exactly these files."""
    for stale in read_tree(folder).keys() - files.keys():
        (folder / stale).unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def drift(
    expected: dict[str, bytes],
    found: dict[str, bytes],
    alike: Mapping[str, Callable[[bytes, bytes], bool]] | None = None,
) -> list[str]:
    """Say which files differ from what they should be.

    Args:
        expected: what they should be, by path.
        found: what is there.
        alike: by a file's ending, how files are compared that need not be equal to the byte.
    """
    same = alike or {}
    return [
        f"{name} is missing"
        if name not in found
        else f"{name} should not be there"
        if name not in expected
        else f"{name} differs"
        for name in sorted(expected.keys() | found.keys())
        if not _same(expected.get(name), found.get(name), same.get(PurePosixPath(name).suffix))
    ]


def _same(
    expected: bytes | None, found: bytes | None, alike: Callable[[bytes, bytes], bool] | None
) -> bool:
    if expected is None or found is None or alike is None or expected == found:
        return expected == found
    return alike(expected, found)
