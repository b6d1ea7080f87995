"""Everyone the gradebook knows, with what they handed in and what it earned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.course import Course


@dataclass(frozen=True)
class Mark:
    """What one question earned.

    Attributes:
        score: points that count: a person's where there are any, extra credit included.
        max_score: points there are.
        automatic: the machine's points, None where it gave none.
        overridden: a person put other points in place of the machine's.
        pending: a person still has to look at it.
    """

    score: float
    max_score: float
    automatic: float | None
    overridden: bool
    pending: bool

    @property
    def unmarked(self) -> bool:
        """Whether neither a machine nor a person has given points yet."""
        return self.pending and self.automatic is None


@dataclass(frozen=True)
class Member:
    """A student of the class.

    Attributes:
        page: id of formgrader's page of the submission, "" where nothing is recorded.
        marks: by question; empty where nothing is recorded.
        handed_in: when, in UTC; None where that is not known.
        due: until when, in UTC, extensions included; None where there is no deadline.
        penalty: points that lateness costs.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    page: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    handed_in: datetime | None = None
    due: datetime | None = None
    penalty: float = 0.0

    @property
    def name(self) -> str:
        """First and last name, "" where neither is known."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def recorded(self) -> bool:
        """Whether the gradebook holds a submission."""
        return bool(self.page)

    @property
    def total(self) -> float:
        """All points, less what lateness costs, and never below 0: as nbgrader counts."""
        earned = sum(mark.score for mark in self.marks.values())
        return round(max(0.0, earned - self.penalty), 6)


def class_list(course: Course, coursework: str) -> list[Member]:
    """Return everyone whom the gradebook knows, by id.

    Args:
        course: whose gradebook it is.
        coursework: which marks are wanted.

    Raises:
        GradingError: the gradebook does not know the coursework.
    """
    with course.open_gradebook() as gradebook:
        try:
            assignment = gradebook.find_assignment(coursework)
        except MissingEntry:
            raise GradingError(
                f"marks of {coursework} in the gradebook of {course.root}",
                "a gradebook that does not know it",
                f"Run `rnn-course autograde {coursework}` first.",
            ) from None
        marks: dict[str, dict[str, Mark]] = {}
        for student, question, mark in _marks(gradebook, coursework):
            marks.setdefault(student, {})[question] = mark
        submissions = {one.student_id: one for one in assignment.submissions}
        students = gradebook.db.query(Student).order_by(Student.id)
        return [_member(one, submissions.get(one.id), marks.get(one.id, {})) for one in students]


def _marks(gradebook: Gradebook, coursework: str) -> Iterator[tuple[str, str, Mark]]:
    """Yield student, question and mark, of all at once: one by one takes seconds a class."""
    rows = (
        gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, Grade)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == coursework)
    )
    for student, cell, grade in rows:
        by_hand, by_machine = grade.manual_score, grade.auto_score
        yield (
            student,
            cell.removeprefix("check_"),
            Mark(
                float(grade.score or 0.0),
                float(grade.max_score or 0.0),
                None if by_machine is None else float(by_machine),
                by_hand is not None and by_machine is not None and by_hand != by_machine,
                bool(grade.needs_manual_grade),
            ),
        )


def _member(
    student: Student, submission: SubmittedAssignment | None, marks: Mapping[str, Mark]
) -> Member:
    about = {
        "id": student.id,
        "first_name": student.first_name or "",
        "last_name": student.last_name or "",
        "email": student.email or "",
        "lms_user_id": str(student.lms_user_id or ""),
    }
    if submission is None:
        return Member(**about)
    return Member(
        **about,
        page=next((notebook.id for notebook in submission.notebooks), ""),
        marks=marks,
        handed_in=submission.timestamp,
        due=submission.duedate,
        penalty=float(submission.late_submission_penalty or 0.0),
    )
