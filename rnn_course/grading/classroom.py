"""A class: every submission of one coursework, graded once and recorded by one writer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rnn_course.errors import GradingError
from rnn_course.grading.cluster import connect, grade_all
from rnn_course.grading.gradebook import Course
from rnn_course.grading.limits import Limits
from rnn_course.grading.release import Release
from rnn_course.grading.result import Incident
from rnn_course.grading.seed import secret_seed
from rnn_course.grading.store import Store
from rnn_course.grading.submission import Graded, Submission, Terms, take_submission


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
    """What came of a run."""

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def autograde(
    root: Path,
    coursework: str,
    settings: Settings,
    on_done: Callable[[str, Graded | Incident], None] = lambda student, outcome: None,
    on_start: Callable[[int], None] = lambda number: None,
) -> Tally:
    """Grade a class into the gradebook.

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
    course, store = Course(root), Store(course_root := root.resolve(), coursework)
    release = Release.load(coursework, course_root)
    terms = Terms(
        coursework,
        release.text,
        secret_seed(),
        settings.limits,
        trust=settings.trust,
        gpu=settings.gpu,
    )
    tally = Tally()
    todo = _todo(course, store, release, terms, settings, tally)
    on_start(len(todo))
    if not todo:
        return tally
    course.ensure_released(coursework)
    with connect(settings.workers, settings.scheduler) as client:
        for submission, outcome in grade_all(client, todo, terms):
            student = submission.student
            if isinstance(outcome, Incident):
                tally.failed[student] = outcome.message
            else:
                course.record(coursework, student, release.course.notebook, outcome.notebook)
                store.put(student, terms.digest(submission), outcome)
                tally.graded.append(student)
            on_done(student, outcome)
    return tally


def _todo(
    course: Course,
    store: Store,
    release: Release,
    terms: Terms,
    settings: Settings,
    tally: Tally,
) -> list[Submission]:
    """Take in the submissions that are new or changed, or whose checks have changed."""
    present = course.students(terms.coursework)
    unknown = sorted(set(settings.students) - set(present))
    if unknown or not present:
        raise GradingError(
            f"submissions of {terms.coursework} in {course.root / 'submitted'}",
            f"none of {', '.join(unknown)}" if unknown else "none at all",
            "Collect them as submitted/STUDENT/COURSEWORK/NOTEBOOK.ipynb.",
        )
    todo = []
    for student in settings.students or present:
        folder = course.submitted(terms.coursework, student)
        try:
            submission = take_submission(folder, student, release, settings.limits)
        except GradingError as error:
            tally.failed[student] = str(error)
            continue
        same = store.digest(student) == terms.digest(submission)
        if same and not settings.force:
            tally.unchanged.append(student)
        else:
            todo.append(submission)
    return todo
