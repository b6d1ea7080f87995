"""A class: every submission of one coursework, graded once and recorded by one writer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rnn_course.checks.courses import located
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.cluster import connect, grade_all
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.recorder import Recorder, open_recorder
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.staging import plain_name
from rnn_course.grading.intake.submission import Submission, read_submission
from rnn_course.grading.judge.grading_task import Graded, Terms, without_points
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.judge.secret_seed import secret_seed
from rnn_course.grading.protocol.limits import Limits

_ODD_NAME = (
    "The folder's name has characters that nbgrader's pages, a terminal or a spreadsheet would "
    "take for something else. Rename it in submitted/ and run this again."
)
_FORMULA = "=+-@"


@dataclass(frozen=True)
class Settings:
    """How a class is graded.

    Attributes:
        workers: processes on this machine.
        scheduler: address of an existing Dask scheduler instead.
        students: only these; all who handed in if empty.
        force: also those whose submission and checks are as they were.
        trust: run students' code without the wall.
        gpu: on workers that offer the resource GPU=1.
    """

    workers: int = 1
    scheduler: str = ""
    students: Sequence[str] = ()
    force: bool = False
    trust: bool = False
    gpu: bool = False
    limits: Limits = Limits()


@dataclass
class Tally:
    """What came of a run.

    Attributes:
        graded: who was graded, whatever the marks.
        unchanged: whose result was still good.
        ungraded: who got no points because grading failed, and why; the next run tries again.
    """

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ungraded: dict[str, str] = field(default_factory=dict)


def autograde(
    root: Path,
    coursework: str,
    settings: Settings,
    on_done: Callable[[str, Graded], None] = lambda student, graded: None,
    on_start: Callable[[int], None] = lambda number: None,
) -> Tally:
    """Grade a class into the gradebook.

    Everyone who handed in something has marks afterwards, were it none and a message.

    Args:
        root: the course's folder.
        coursework: its name.
        settings: how.
        on_done: called for every submission that is finished.
        on_start: called once with the number of submissions to grade.

    Raises:
        GradingError: the coursework is not released, or there are no such students.
        ConfinementError: a machine cannot confine student code.
    """
    job, tally = _job(root.resolve(), coursework, settings), Tally()
    present = _students(job.course, coursework, settings)
    students = [name for name in present if plain_name(name) and name[0] not in _FORMULA]
    tally.ungraded |= dict.fromkeys(set(present) - set(students), _ODD_NAME)
    todo = students if settings.force else job.outdated(students)
    tally.unchanged += sorted(set(students) - set(todo))
    on_start(len(todo))
    released = job.release.notebook
    job.course.ensure_released(coursework, job.release.course.notebook, released)
    if not todo:
        return tally
    for question in job.release.course:
        if question.prepare:
            question.prepare(job.terms.seed)
    workers = min(settings.workers, len(todo))
    with (
        open_recorder(job.course, coursework) as recorder,
        connect(
            workers,
            settings.scheduler,
            trust=settings.trust,
            gpu=settings.gpu,
            modules=job.release.modules,
        ) as client,
    ):
        for submission, outcome in grade_all(client, map(job.read, todo), job.terms):
            on_done(submission.student, job.record(recorder, submission, outcome, tally))
    return tally


def _job(root: Path, coursework: str, settings: Settings) -> "_Job":
    release = Release.load(coursework, root)
    how = {"limits": settings.limits, "trust": settings.trust, "gpu": settings.gpu}
    terms = Terms.of(located(coursework, root), release, secret_seed(), **how)
    return _Job(Course(root), ResultStore(root, coursework), release, terms)


def _students(course: Course, coursework: str, settings: Settings) -> list[str]:
    present = course.students(coursework)
    unknown = sorted(set(settings.students) - set(present))
    if unknown or not present:
        raise GradingError(
            f"submissions of {coursework} in {course.root / 'submitted'}",
            f"none of {', '.join(unknown)}" if unknown else "none at all",
            "Collect them as submitted/STUDENT/COURSEWORK/NOTEBOOK.ipynb.",
        )
    return sorted(set(settings.students)) or present


@dataclass(frozen=True)
class _Job:
    """What a run works with."""

    course: Course
    store: ResultStore
    release: Release
    terms: Terms

    def read(self, student: str) -> Submission:
        folder = self.course.path("submitted", student, self.release.course.name)
        return read_submission(folder, student, self.release, self.terms.limits)

    def outdated(self, students: Sequence[str]) -> list[str]:
        """Return who is new or changed, or whose checks have changed."""
        recorded = self.course.automatic(self.release.course.name)
        return [
            student
            for student in students
            if not self.store.holds(
                student, self.terms.digest(self.read(student)), recorded.get(student, {})
            )
        ]

    def record(
        self, recorder: Recorder, submission: Submission, outcome: Graded | str, tally: Tally
    ) -> Graded:
        """Write down what came of a submission, in the gradebook first."""
        student, digest = submission.student, self.terms.digest(submission)
        if isinstance(outcome, str):
            tally.ungraded[student] = outcome
            outcome, digest = without_points(submission, self.terms, outcome), ""
        else:
            tally.graded.append(student)
        recorder.record(student, self.release.course.notebook, outcome.notebook)
        self.store.put(student, digest, outcome)
        return outcome
