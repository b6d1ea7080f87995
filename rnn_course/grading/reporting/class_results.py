"""All that is known of a class and one coursework, read from results, gradebook and folders."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnn_course.checks.behaviour import UNKNOWN, Behaviour, behaviour_from
from rnn_course.checks.courses import located
from rnn_course.checks.coursework import Coursework
from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.class_list import Member, class_list
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.judge.result_store import ResultStore

COLLECTED = "collected"
"""Where `rnn-course collect` keeps every attempt: collected/COURSEWORK/STUDENT/ATTEMPT/."""


@dataclass(frozen=True)
class Answer:
    """What became of one student's answer to one question.

    Attributes:
        status: see `checks.report.Status`.
        criteria: as `Report.as_dict` writes them, by id.
        behaviour: of a wrong one without a name, what it does on the public seed's cases.
    """

    status: str
    criteria: Mapping[str, Mapping[str, Any]]
    behaviour: Behaviour = UNKNOWN


@dataclass(frozen=True)
class Submitted:
    """A student with a graded submission.

    Attributes:
        answers: by question.
        incidents: kind, cell and message of each.
        status: of the whole: ``graded``, ``unreadable`` or ``crashed``.
        attempts: how often something was collected, 0 where that is not known.
    """

    member: Member
    answers: Mapping[str, Answer] = field(default_factory=dict)
    incidents: tuple[Mapping[str, str], ...] = ()
    status: str = "graded"
    attempts: int = 0


@dataclass(frozen=True)
class ClassResults:
    """A class.

    Attributes:
        submitted: who has a recorded submission, by id.
        missing: who is in the gradebook and handed in nothing.
        ungraded: who handed in something that is not graded yet.
    """

    coursework: Coursework
    submitted: tuple[Submitted, ...]
    missing: tuple[Member, ...]
    ungraded: tuple[str, ...]

    @property
    def max_score(self) -> float:
        """Points there are."""
        return round(sum(question.points for question in self.coursework), 6)


def read_class(root: Path, coursework: str) -> ClassResults:
    """Read what is known of a class.

    Args:
        root: the course's folder.
        coursework: its name.

    Raises:
        GradingError: nobody has been graded.
        CheckError: there is no such coursework.
    """
    about = located(coursework, root).coursework()
    course, store = Course(root), ResultStore(root, coursework)
    members = class_list(course, coursework)
    handed_in = set(course.students(coursework))
    submitted = tuple(_submitted(m, store, root, coursework) for m in members if m.recorded)
    if not submitted:
        raise GradingError(
            f"graded submissions of {coursework} in {root}",
            "none",
            f"Run `rnn-course autograde {coursework}` first.",
        )
    graded = {one.member.id for one in submitted}
    ungraded = tuple(sorted(handed_in - graded))
    missing = tuple(m for m in members if m.id not in graded | handed_in)
    return ClassResults(about, submitted, missing, ungraded)


def _submitted(member: Member, store: ResultStore, root: Path, coursework: str) -> Submitted:
    attempts = _attempts(root / COLLECTED / coursework / member.id)
    try:
        result = store.result(member.id)
        answers = {
            question["id"]: Answer(
                question["status"],
                {each["id"]: each for each in question["criteria"]},
                behaviour_from(question["behaviour"]) if "behaviour" in question else UNKNOWN,
            )
            for question in result["questions"]
        }
        incidents, status = tuple(result["incidents"]), result["status"]
    except (GradingError, json.JSONDecodeError, KeyError, TypeError) as error:
        # marked by plain nbgrader, or the file was damaged: the marks are there all the same
        said = f"The marks are in the gradebook, and no result is beside them ({error})."
        incidents = ({"kind": "no result", "cell": "", "message": said},)
        return Submitted(member, {}, incidents, "graded", attempts)
    return Submitted(member, answers, incidents, status, attempts)


def _attempts(folder: Path) -> int:
    """Count what was collected from one student; a hidden folder is one that is being written."""
    entries = folder.iterdir() if folder.is_dir() else ()
    return sum(entry.is_dir() and not entry.name.startswith(".") for entry in entries)
