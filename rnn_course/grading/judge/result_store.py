"""Results on disk: whole or not at all, so that a run that was killed can go on."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnn_course.errors import GradingError
from rnn_course.grading.judge.grading_task import Graded


class ResultStore:
    """Graded notebooks and results of one coursework.

    Args:
        root: the course's folder.
        coursework: its name.
    """

    def __init__(self, root: Path, coursework: str) -> None:
        self._folder = root / "results" / coursework
        self._coursework = coursework

    def put(self, student: str, digest: str, graded: Graded) -> None:
        """Keep what grading a submission came to; the result file is written last."""
        folder = self._folder / student
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / "graded.ipynb", graded.notebook)
        about = {"digest": digest, **graded.result.as_dict()}
        replace_file(folder / "result.json", json.dumps(about, indent=1, allow_nan=False))

    def result(self, student: str) -> dict[str, Any]:
        """Read a result back, as `Result.as_dict` wrote it.

        Raises:
            GradingError: this submission has not been graded.
        """
        path = self._folder / student / "result.json"
        if not path.is_file():
            raise GradingError(
                f"a result of {student}",
                f"no file {path}",
                f"Run `rnn-course autograde {self._coursework}` first.",
            )
        return json.loads(path.read_text())

    def holds(self, student: str, digest: str, recorded: Mapping[str, float]) -> bool:
        """Tell whether a result is up to date, and the one that the gradebook shows.

        Args:
            student: whose it is.
            digest: what it would be made from now; see `grading_task.Terms.digest`.
            recorded: the machine's points by question in the gradebook.
        """
        try:
            result = self.result(student)
            judged = [q for q in result["questions"] if q["status"] != "manual"]
            return result["digest"] == digest and all(
                recorded.get(question["id"]) == question["score"] for question in judged
            )
        except (GradingError, ValueError, KeyError, TypeError):
            return False


def replace_file(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new, never a part.

    Who may read it is for the umask to say, as of any other file: a co-marker may have another
    account. Python's temporary files are their owner's alone.
    """
    name = path.with_name(f".writing-{secrets.token_hex(8)}")
    with name.open("x", encoding="utf-8", errors="replace") as file:
        file.write(text)
    os.replace(name, path)
