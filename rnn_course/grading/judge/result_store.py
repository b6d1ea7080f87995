"""Results on disk: whole or not at all, so that a run that was killed can go on."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rnn_course.errors import GradingError
from rnn_course.grading.judge.grading_task import Graded

_UNFINISHED = ".writing-"


class ResultStore:
    """Graded notebooks and results of one coursework.

    Args:
        root: the course's folder.
        coursework: its name.

    Attributes:
        folder: where they are.
    """

    def __init__(self, root: Path, coursework: str) -> None:
        self.folder = root / "results" / coursework
        self._coursework = coursework

    def put(
        self,
        student: str,
        made_from: Mapping[str, str],
        graded: Graded,
        changed: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what grading a submission came to; the result file is written last.

        Args:
            student: whose it is.
            made_from: see `grading_task.Terms.made_from`; empty where the next run is to try again.
            graded: what it came to.
            changed: why marks differ from the last ones, by question.
        """
        folder = self.folder / student
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        replace_file(folder / "graded.ipynb", graded.notebook)
        about = {"made_from": dict(made_from), "changed": dict(changed or {})}
        about |= graded.result.as_dict()
        replace_file(folder / "result.json", json.dumps(about, indent=1, allow_nan=False))

    def result(self, student: str) -> dict[str, Any]:
        """Read a result back, as `Result.as_dict` wrote it.

        Raises:
            GradingError: this submission has not been graded.
        """
        path = self.folder / student / "result.json"
        if not path.is_file():
            raise GradingError(
                f"a result of {student}",
                f"no file {path}",
                f"Run `rnn-course autograde {self._coursework}` first.",
            )
        return json.loads(path.read_text())

    def last(self, student: str) -> dict[str, Any] | None:
        """Return a result, None where there is none that can be read."""
        try:
            found = self.result(student)
            return found if isinstance(found.get("questions"), list) else None
        except (GradingError, ValueError, AttributeError):
            return None

    def holds(
        self, student: str, made_from: Mapping[str, str], recorded: Mapping[str, float]
    ) -> bool:
        """Tell whether a result is up to date, and the one that the gradebook shows.

        Args:
            student: whose it is.
            made_from: what it would be made from now; see `grading_task.Terms.made_from`.
            recorded: the machine's points by question in the gradebook.
        """
        try:
            result = self.result(student)
            judged = [q for q in result["questions"] if q["status"] != "manual"]
            return result["made_from"] == made_from and all(
                recorded.get(question["id"]) == question["score"] for question in judged
            )
        except (GradingError, ValueError, KeyError, TypeError):
            return False


def replace_file(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new, never a part."""
    with file_to_replace(path, text):
        pass


def sweep(folder: Path) -> None:
    """Delete what a run that was killed had begun to write; for who holds the course's lock."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        left.unlink(missing_ok=True)


@contextmanager
def file_to_replace(path: Path, text: str) -> Iterator[None]:
    """Write a file beside the one it is to replace; put it there if all goes well in between.

    Of what does not end well nothing is left, so that a full disk leaves the old file. Who may
    read it is for the umask to say, as of any other file: a co-marker may have another account.
    Python's temporary files are their owner's alone.
    """
    name = path.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}")
    try:
        with name.open("x", encoding="utf-8", errors="replace") as file:
            file.write(text)
        yield
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            name.unlink()
        raise
