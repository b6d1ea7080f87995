"""What a run over a class reads and writes: submissions in, marks and changes of marks out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from rnn_course.checks.display import points
from rnn_course.grading.classroom.change_list import ChangeList
from rnn_course.grading.classroom.changed_marks import MarkChange, changed_marks, changed_penalty
from rnn_course.grading.classroom.known_submissions import KnownSubmissions
from rnn_course.grading.gradebook.course import SECRET_FILE, Course
from rnn_course.grading.gradebook.full_disk import is_full
from rnn_course.grading.gradebook.lateness import Penalty
from rnn_course.grading.gradebook.recorder import Entry, Recorder
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import Submission, read_submission
from rnn_course.grading.judge.grading_task import Graded, Terms, content_digest, without_points
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.result import Incident, Result, asks_anew

_LONGEST_SECRET = 1000


@dataclass(frozen=True)
class Writers:
    """What writes marks, and what writes down which of them have changed."""

    recorder: Recorder
    changes: ChangeList


@dataclass
class Taken:
    """What came of a submission, and is written down.

    Attributes:
        made_from: see `grading_task.Terms.made_from`; empty where the next run is to try again.
        last: the result before, None where there was none.
        changed: marks that are not what they were.
        why: it could not be graded, "" as a rule.
        late: what lateness costs, where that changed.
    """

    submission: Submission
    graded: Graded
    made_from: Mapping[str, str]
    last: Mapping[str, Any] | None
    changed: Sequence[MarkChange]
    why: str = ""
    late: list[MarkChange] = field(default_factory=list)

    def failed(self, error: Exception) -> None:
        """Say why it could not be written: one submission never stops the class.

        Raises:
            Exception: the disk is full, which does.
        """
        if is_full(error):
            raise error
        self.why = f"Its marks could not be written: {type(error).__name__}: {error}"


class ClassRecord:
    """The submissions of a class, and what is known and written of their marks.

    Args:
        course: whose class it is.
        release: what was handed out.
        terms: what marks are made by.
        writers: None for a dry run, which writes nothing.
    """

    def __init__(
        self, course: Course, release: Release, terms: Terms, writers: Writers | None
    ) -> None:
        self._course, self._release, self._terms, self._writers = course, release, terms, writers
        self._name = release.course.name
        self._store = ResultStore(course.root, self._name)
        self._lateness = course.lateness()
        self._by_hand = course.overrides(self._name)
        self._penalties: dict[str, Penalty] = {}
        self.changes: list[MarkChange] = []

    def read(self, student: str) -> Submission:
        """Read what a student has handed in."""
        return read_submission(self._folder(student), student, self._release, self._terms.limits)

    def _folder(self, student: str) -> Path:
        return self._course.path("submitted", student, self._name)

    def _content(self, student: str) -> str:
        return content_digest(self.read(student))

    def outdated(self, students: Sequence[str]) -> list[str]:
        """Return who is new or changed, or whose checks have changed."""
        recorded, alike, outdated = self._course.automatic(self._name), self._terms.alike, []
        known = KnownSubmissions(self._store.folder, alike)
        for student in students:
            digest = known.digest(student, self._folder(student), partial(self._content, student))
            made_from = {"submission": digest, **alike}
            if not self._store.holds(student, made_from, recorded.get(student, {})):
                outdated.append(student)
        if self._writers is not None:
            known.keep()
        return outdated

    def by_hand(self, student: str) -> Mapping[str, float]:
        """Return what a person gave in place of a machine's marks, by question."""
        given, judged = self._by_hand.get(student, {}), self._release.course.by_id
        return {name: mark for name, mark in given.items() if name in judged and judged[name].judge}

    def take(self, finished: Sequence[tuple[Submission, Graded | str]]) -> list[Taken]:
        """Write down what came of submissions that were finished together, the gradebook first.

        What cannot be written is tried alone, and costs no other anything.
        """
        taken = [self._taken(submission, outcome) for submission, outcome in finished]
        if self._writers is None:
            for one in taken:
                self.changes += one.changed
        else:
            for one in self._recorded(self._writers, taken):
                self._keep(self._writers, one)
        return taken

    def _taken(self, submission: Submission, outcome: Graded | str) -> Taken:
        student, made_from, why = submission.student, self._terms.made_from(submission), ""
        if isinstance(outcome, str):
            why, made_from = outcome, {}
            outcome = without_points(submission, self._terms, outcome)
        result = _with_overrides(outcome.result, self.by_hand(student))
        last, new = self._store.last(student), {"made_from": made_from, **result.as_dict()}
        changed = changed_marks(student, last, new, self.by_hand(student)) if last else []
        graded = replace(outcome, result=result)
        return Taken(submission, graded, made_from, last, changed, why)

    def _recorded(self, writers: Writers, taken: Sequence[Taken]) -> list[Taken]:
        """Write marks into the gradebook; return those of which it has them."""
        try:
            writers.recorder.record(*map(self._entry, taken))
            for cost in self._penalise([one.submission.student for one in taken]):
                one = next(one for one in taken if one.submission.student == cost.student)
                one.late += [cost] if one.last is not None else []
            return [*taken]
        except Exception as error:
            if len(taken) > 1:
                return [kept for one in taken for kept in self._recorded(writers, [one])]
            taken[0].failed(error)
            return []

    def _keep(self, writers: Writers, one: Taken) -> None:
        """Write down a result whose marks are in the gradebook, and what has changed."""
        changes = [*one.changed, *one.late]
        reasons = {change.question: change.why for change in one.changed}
        reasons = {**(one.last or {}).get("changed", {}), **reasons}
        try:
            writers.changes.add(changes)
            self._store.put(one.submission.student, one.made_from, one.graded, reasons)
        except Exception as error:
            one.failed(error)
            return
        self.changes += changes

    def _entry(self, one: Taken) -> Entry:
        secret = one.submission.files.get(SECRET_FILE, b"")[:_LONGEST_SECRET]
        return Entry(
            one.submission.student,
            self._release.course.notebook,
            one.graded.notebook,
            secret.decode(errors="replace"),
            asks_anew(one.graded.result, one.last),
        )

    def penalise(self, students: Sequence[str]) -> dict[str, str]:
        """Bring what lateness costs up to date for all these students.

        Returns:
            For whom that could not be told, and why.
        """
        changed = self._penalise(students)
        self.changes += changed
        if self._writers is not None:
            self._writers.changes.add(changed)
        return {
            student: "The late penalty plugin failed, and what lateness costs is as before "
            f"({points(penalty.before)}): {penalty.problem}"
            for student, penalty in self._penalties.items()
            if penalty.problem
        }

    def _penalise(self, students: Sequence[str]) -> list[MarkChange]:
        if self._writers is not None:
            found = self._writers.recorder.penalise(self._lateness, students)
        elif self._course.has_gradebook:
            gained: dict[str, float] = defaultdict(float)
            for change in self.changes:
                gained[change.student] += change.gain
            with self._course.open_gradebook() as gradebook:
                found = self._lateness.penalties(gradebook, self._name, students, gained)
        else:
            found = []
        self._penalties |= {penalty.student: penalty for penalty in found}
        return list(filter(None, map(changed_penalty, found)))


def _with_overrides(result: Result, by_hand: Mapping[str, float]) -> Result:
    """Return a result that tells where a mark by hand stands in place of its own."""
    told = tuple(
        Incident(
            "override",
            report.question,
            f"{points(by_hand[report.question])} points by hand stand in place of the machine's "
            f"{points(report.score)}.",
        )
        for report in result.questions
        if report.question in by_hand
    )
    return replace(result, incidents=(*result.incidents, *told))
