"""One submission on disk: from the file that was handed in to a graded notebook and a result."""

import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from rnn_course.errors import GradingError
from rnn_course.grading.judge import grade
from rnn_course.grading.kernels import launcher
from rnn_course.grading.limits import Limits
from rnn_course.grading.release import Release
from rnn_course.grading.result import Result
from rnn_course.grading.seed import secret_seed

MAX_NOTEBOOK_BYTES = 50 * 2**20


def grade_submission(
    file: Path, coursework: str, root: Path, *, trust: bool = False, limits: Limits | None = None
) -> tuple[NotebookNode, Result]:
    """Grade one notebook file.

    Args:
        file: the notebook; other submitted files are beside it.
        coursework: its name.
        root: the course's folder.
        trust: run the student's code without the wall.
        limits: what it may use; the defaults otherwise.

    Raises:
        GradingError: the file is not there, or the coursework is not released.
        ConfinementError: this machine cannot confine student code.
    """
    limits = limits or Limits()
    if not file.is_file():
        raise GradingError("a notebook to grade", f"no file {file}", "Check the path.")
    size = file.stat().st_size
    text = file.read_text(errors="replace") if size <= MAX_NOTEBOOK_BYTES else ""
    release = _release(coursework, root)
    with launcher(file.parent, limits, trust=trust) as (launch, sandbox):
        return grade(
            text,
            release,
            file.parent,
            launch=launch,
            seed=secret_seed(),
            limits=limits,
            environment={**_environment(), "sandbox": sandbox},
        )


@cache
def _release(coursework: str, root: Path) -> Release:
    return Release.load(coursework, root)


@cache
def _environment() -> dict[str, str]:
    return {"python": platform.python_version(), "torch": version("torch"), "device": "cpu"}


def write_result(result: Result, root: Path, student: str) -> Path:
    """Keep a result as JSON in the course's folder, beside nbgrader's own."""
    path = _result_file(root, result.coursework, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result.as_dict(), indent=1, allow_nan=False))
    return path


def read_result(root: Path, coursework: str, student: str) -> dict[str, Any]:
    """Read a result back as `Result.as_dict` wrote it.

    Raises:
        GradingError: this submission has not been graded.
    """
    path = _result_file(root, coursework, student)
    if not path.is_file():
        raise GradingError(
            f"a result of {student} in {path}", "no such file", f"Autograde {coursework} first."
        )
    return json.loads(path.read_text())


def _result_file(root: Path, coursework: str, student: str) -> Path:
    return root / "results" / coursework / f"{student}.json"
