"""A class: every submission of one coursework, graded once and recorded by one writer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from rnn_course.checks.courses import located
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.change_list import change_list
from rnn_course.grading.classroom.changed_marks import MarkChange
from rnn_course.grading.classroom.class_record import ClassRecord, Writers
from rnn_course.grading.classroom.cluster import connect, grade_all
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.course_lock import only_writer
from rnn_course.grading.gradebook.full_disk import full_disk_told
from rnn_course.grading.gradebook.recorder import open_recorder
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.staging import plain_name
from rnn_course.grading.judge.grading_task import Graded, Terms
from rnn_course.grading.judge.secret_seed import secret_seed
from rnn_course.grading.protocol.limits import Limits

_ODD_NAME = (
    "The folder's name has characters that nbgrader's pages, a terminal or a spreadsheet would "
    "take for something else. Rename it in submitted/ and run this again."
)
_FORMULA = "=+-@"
OnDone = Callable[[str, Graded, Mapping[str, float]], None]


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
        dry_run: write nothing; only tell whose marks would change.
    """

    workers: int = 1
    scheduler: str = ""
    students: Sequence[str] = ()
    force: bool = False
    trust: bool = False
    gpu: bool = False
    limits: Limits = Limits()
    dry_run: bool = False


@dataclass
class Tally:
    """What came of a run.

    Attributes:
        graded: who was graded, whatever the marks.
        unchanged: whose result was still good.
        ungraded: who got no points because grading failed, and why; the next run tries again.
        remarks: what else went wrong, by student; the next run tries again.
        changes: whose marks are not what they were.
        change_list: where they were written, None where nothing was.
    """

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ungraded: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    changes: list[MarkChange] = field(default_factory=list)
    change_list: Path | None = None


def autograde(
    root: Path,
    coursework: str,
    settings: Settings,
    on_done: OnDone = lambda student, graded, by_hand: None,
    on_start: Callable[[int], None] = lambda number: None,
) -> Tally:
    """Grade a class into the gradebook.

    Everyone who handed in something has marks afterwards, were it none and a message.

    Args:
        root: the course's folder.
        coursework: its name.
        settings: how.
        on_done: called for every submission that is finished, with what a person gave in place of
            the machine's marks, by question.
        on_start: called once with the number of submissions to grade.

    Raises:
        GradingError: the coursework is not released, there are no such students, somebody else is
            grading, or the disk is full.
        ConfinementError: a machine cannot confine student code.
    """
    root = root.resolve()
    alone = only_writer(root, f"rnn-course autograde {coursework}")
    with full_disk_told(root), nullcontext() if settings.dry_run else alone:
        run = _Run(Course(root), coursework, settings)
        run.grade(on_start, on_done)
        return run.tally


class _Run:
    """One run over a class."""

    def __init__(self, course: Course, coursework: str, settings: Settings) -> None:
        how = {"limits": settings.limits, "trust": settings.trust, "gpu": settings.gpu}
        release = Release.load(coursework, course.root)
        folder = located(coursework, course.root)
        self._course, self._settings, self._release = course, settings, release
        self._terms = Terms.of(folder, release, secret_seed(), **how)
        self.tally = Tally()

    def grade(self, on_start: Callable[[int], None], on_done: OnDone) -> None:
        """Grade who is new or changed; bring what lateness costs up to date for everyone."""
        settings, tally = self._settings, self.tally
        present = _students(self._course, self._release.course.name, settings)
        students = [who for who in present if plain_name(who) and who[0] not in _FORMULA]
        tally.ungraded |= dict.fromkeys(set(present) - set(students), _ODD_NAME)
        with self._record() as record:
            todo = students if settings.force else record.outdated(students)
            tally.unchanged += sorted(set(students) - set(todo))
            on_start(len(todo))
            if todo:
                self._grade(todo, record, on_done)
            tally.remarks |= record.penalise(students)

    def _grade(self, todo: Sequence[str], record: ClassRecord, on_done: OnDone) -> None:
        for question in self._release.course:
            if question.prepare:
                question.prepare(self._terms.seed)
        settings = self._settings
        with connect(
            min(settings.workers, len(todo)),
            settings.scheduler,
            trust=settings.trust,
            gpu=settings.gpu,
            modules=self._release.modules,
        ) as client:
            for finished in grade_all(client, map(record.read, todo), self._terms):
                for one in record.take(finished):
                    student = one.submission.student
                    if one.why:
                        self.tally.ungraded[student] = one.why
                    else:
                        self.tally.graded.append(student)
                    on_done(student, one.graded, record.by_hand(student))

    @contextmanager
    def _record(self) -> Iterator[ClassRecord]:
        """Yield what takes results: into the gradebook, or in a dry run nowhere."""
        course, release, terms = self._course, self._release, self._terms
        if self._settings.dry_run:
            record = ClassRecord(course, release, terms, None)
            yield record
            self.tally.changes = record.changes
            return
        name = release.course.name
        course.lateness()  # a plugin that is not there is told before anything is written
        course.ensure_released(name, release.course.notebook, release.notebook)
        with (
            open_recorder(course, name) as recorder,
            change_list(course.root, name) as changes,
        ):
            record = ClassRecord(course, release, terms, Writers(recorder, changes))
            yield record
        self.tally.changes, self.tally.change_list = record.changes, changes.path


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
