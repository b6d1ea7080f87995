"""What students were told last time, so that their feedback says what has changed since."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rnn_course.grading.judge.result_store import ResultStore, replace_file

LATENESS = "late penalty"
MarksTold = dict[str, list[float]]
"""Points and most points by question; what lateness costs is a question of its own."""


@dataclass(frozen=True)
class Change:
    """A mark that is not as it was when the student last read feedback; None where there is none.

    Attributes:
        question: its id, or `LATENESS`.
        why: in a few words.
    """

    question: str
    before: float | None
    now: float | None
    why: str


def changes_since(
    root: Path, coursework: str, student: str, marks: Mapping[str, list[float]]
) -> list[Change]:
    """Return what has changed since feedback was last returned to a student.

    Feedback that is made twice says the same twice: what counts is what the student has read.

    Args:
        root: the course's folder.
        coursework: its name.
        student: whose.
        marks: as they are now.
    """
    told = _told(_file(root, coursework, student))
    last = told.get("before") if told.get("marks") == marks else told.get("marks")
    if last is None:
        return []
    result = ResultStore(root, coursework).last(student) or {}
    why: Mapping[str, str] = result.get("changed") or {}
    return [
        Change(
            question,
            _points(last.get(question)),
            _points(marks.get(question)),
            why.get(question, _usual(question)),
        )
        for question in dict.fromkeys([*marks, *last])
        if last.get(question) != marks.get(question)
    ]


def remember(root: Path, coursework: str, student: str, marks: MarksTold) -> None:
    """Write down that a student has been told these marks."""
    file = _file(root, coursework, student)
    told = _told(file)
    if told.get("marks") != marks:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, json.dumps({"marks": marks, "before": told.get("marks")}, indent=1))


def _file(root: Path, coursework: str, student: str) -> Path:
    return root / "results" / coursework / student / "returned.json"


def _told(file: Path) -> dict[str, MarksTold | None]:
    try:
        found = json.loads(file.read_text())
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _points(mark: list[float] | None) -> float | None:
    return None if mark is None else mark[0]


def _usual(question: str) -> str:
    if question == LATENESS:
        return "the marks, a deadline or an extension changed"
    return "a person marked it"
