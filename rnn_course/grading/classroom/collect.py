"""Collects a class: from what a platform gives out to what nbgrader grades."""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.people import enrol, with_known_ids
from rnn_course.grading.intake import roster
from rnn_course.grading.intake.attempts import UNKNOWN, About, Attempts
from rnn_course.grading.intake.downloads.hand_in import Claim, Coursework, Download, HandIn
from rnn_course.grading.intake.downloads.recognise import recognise
from rnn_course.grading.intake.downloads.taking import take
from rnn_course.grading.intake.downloads.together import together
from rnn_course.grading.intake.matching import Matched, Matcher, without_roster
from rnn_course.grading.intake.placing import Placed, Placing
from rnn_course.grading.intake.recognise_coursework import answered
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.roster import Person
from rnn_course.grading.intake.safe_names import folder_name
from rnn_course.grading.intake.staging import Staged
from rnn_course.grading.intake.timestamp import parsed_time
from rnn_course.grading.protocol.limits import Limits

FOLDER = "collected"
_EVERYBODYS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # what the next one would suffer from too


@dataclass(frozen=True)
class Settings:
    """How a class is collected.

    Attributes:
        roster: the table of people; students.csv of the course's folder, where there is one.
        deadline: the last attempt before it counts; the last of all if "".
        dry_run: write nothing.
    """

    roster: Path | None = None
    deadline: str = ""
    dry_run: bool = False


@dataclass(frozen=True)
class Unknown:
    """Somebody whom nobody knows; what they handed in is kept in a folder of its own."""

    label: str
    why: str
    folder: Path


@dataclass(frozen=True)
class Plan:
    """What was found, before anything is written.

    Attributes:
        downloads: what each path is.
        people: who is on the roster; empty without one.
        missing: who is on the roster and in none of the downloads, nor in submitted/.
    """

    downloads: Sequence[Download]
    people: Sequence[Person]
    missing: Sequence[Person]


@dataclass
class Collected:
    """What came of it.

    Attributes:
        students: what became of each.
        failed: whose could not be kept or placed, and why.
        unknown: what belongs to nobody on the roster.
        said: what was left out, or taken under another name, by student.
        enrolled: who is new in the gradebook, or has a changed entry there.
    """

    plan: Plan
    students: dict[str, Placed] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    enrolled: list[str] = field(default_factory=list)


def collect(
    root: Path,
    coursework: str,
    paths: Sequence[Path],
    settings: Settings,
    on_plan: Callable[[Plan], None] = lambda plan: None,
) -> Collected:
    """Collect what was handed in into ``submitted/``; keep every attempt in ``collected/``.

    Args:
        root: the course's folder.
        coursework: its name.
        paths: archives, folders or files.
        settings: how.
        on_plan: told what was found, before anything is written.

    Raises:
        GradingError: the coursework is not released, a path holds nothing, or the roster cannot be
            read; then nothing has been written. Or there is no room to write, or no permission;
            then what is written is whole, and the next run goes on.
    """
    root = root.resolve()
    course, release = Course(root), Release.load(coursework, root)
    about = Coursework(coursework, release.file_names)
    deadline, writes = _deadline(settings.deadline), not settings.dry_run
    people = with_known_ids(course, _people(root, settings))
    with ExitStack() as opened:
        matcher = Matcher(people)
        downloads = [
            download
            for path in paths
            for download in recognise(path, about, opened, matcher.is_person, deadline)
        ]
        owners = _owners(downloads, matcher if people else None)
        attempts = Attempts(root / FOLDER / coursework, writes=writes)
        seen = {matched.student for matched in owners.values()}
        places = {p.id: course.path("submitted", p.id, coursework) for p in people}
        missing = [p for p in people if p.id not in seen and not places[p.id].exists()]
        plan = Plan(downloads, people, missing)
        on_plan(plan)
        run = _Run(course, release, about, {one.id: one for one in people}, attempts, plan)
        with _said_why_not_written():
            run.collect(owners, Placing(attempts, about.files, deadline, writes=writes))
            run.keep_unknown(owners, writes=writes)
        if writes:
            run.collected.enrolled = enrol(course, people)
    return run.collected


@contextmanager
def _said_why_not_written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GradingError(
            f"room and permission to write below {FOLDER}/ and submitted/",
            f"{error.strerror or error} ({error.filename or 'no file named'})",
            "Mend that and run the same again: what is written already is whole.",
        ) from error


@dataclass
class _Run:
    """What a run works with."""

    course: Course
    release: Release
    coursework: Coursework
    people: dict[str, Person]
    attempts: Attempts
    plan: Plan

    def __post_init__(self) -> None:
        self.collected = Collected(self.plan)

    def collect(self, owners: dict[Claim, Matched], placing: Placing) -> None:
        """Keep and place what belongs to somebody, one person after another."""
        for student in sorted({matched.student for matched in owners.values()} - {""}):
            try:
                self._keep_all(owners, student)
                folder = self.course.path("submitted", student, self.coursework.name)
                self.collected.students[student] = placing.place(student, folder)
            except GradingError as error:
                self.collected.failed[student] = str(error)
            except OSError as error:
                if error.errno in _EVERYBODYS:
                    raise
                why = f"{error.strerror} ({error.filename})"
                self.collected.failed[student] = f"{why}. Mend that and run the same again."

    def _keep_all(self, owners: dict[Claim, Matched], student: str) -> None:
        for download in self.plan.downloads:
            theirs = [h for h in download.hand_ins if owners[h.claim].student == student]
            for hand_in in together(theirs, self.coursework.files):
                self._keep(self.attempts, student, download, hand_in)

    def keep_unknown(self, owners: dict[Claim, Matched], *, writes: bool) -> None:
        """Keep what belongs to nobody, in a folder beside."""
        folder = self.course.root / FOLDER / f"{self.coursework.name}{UNKNOWN}"
        attempts = Attempts(folder, writes=writes)
        for claim, matched in owners.items():
            if matched.student:
                continue
            label = folder_name(claim.label)
            for download in self.plan.downloads:
                theirs = [hand_in for hand_in in download.hand_ins if hand_in.claim == claim]
                for hand_in in together(theirs, self.coursework.files):
                    self._keep(attempts, label, download, hand_in)
            self.collected.unknown.append(Unknown(claim.label, matched.why, folder / label))

    def _keep(self, attempts: Attempts, name: str, download: Download, hand_in: HandIn) -> None:
        staged = take(hand_in, Limits())
        said = self.collected.said.setdefault(name, [])
        remarks = (*staged.left_out, *self._of_another(staged))
        said += [text for text in remarks if text not in said]
        when = hand_in.when or _of_worksheet(hand_in, self.people.get(name))
        late, order = hand_in.late, hand_in.order
        origin = f"{download.path.name}: {hand_in.claim.label}"
        about = About(origin, when, hand_in.modified, order, late, remarks)
        attempts.keep(name, staged, about)

    def _of_another(self, staged: Staged) -> Iterator[str]:
        """Say so where somebody seems to have handed in, or been collected for, something else."""
        books = [text for name, text in staged.files.items() if name.endswith(".ipynb")]
        texts = (text.decode("utf-8-sig", errors="replace") for text in books)
        if books and not any(answered(text, self.release.notebook) > 0 for text in texts):
            yield f"No notebook that came answers a question of {self.coursework.name}."


def _owners(downloads: Sequence[Download], matcher: Matcher | None) -> dict[Claim, Matched]:
    """Return whose each hand-in is, by what it says of itself."""
    claims = list(dict.fromkeys(_claims(downloads)))
    if matcher is None:
        return without_roster(claims)
    return {claim: matcher.match(claim) for claim in claims}


def _claims(downloads: Sequence[Download]) -> Iterator[Claim]:
    return (hand_in.claim for download in downloads for hand_in in download.hand_ins)


def _of_worksheet(hand_in: HandIn, person: Person | None) -> datetime | None:
    """Return what Moodle's grading worksheet says, if it is the one of this assignment."""
    participant = hand_in.claim.participant
    return (
        person.handed_in if person and participant and person.participant == participant else None
    )


def _people(root: Path, settings: Settings) -> list[Person]:
    file = settings.roster or root / roster.FILE
    return roster.read_roster(file) if settings.roster or file.is_file() else []


def _deadline(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return parsed_time(text)
    except ValueError as error:
        raise GradingError(
            "a day and a time as the deadline", repr(text), 'Write it as "2026-11-20 23:59".'
        ) from error
