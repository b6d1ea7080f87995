"""What a run over a class reads and writes: submissions in, marks and changes of marks out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rnn_course.checks.display import points
from rnn_course.grading.classroom.change_list import ChangeList
from rnn_course.grading.classroom.changed_marks import MarkChange, changed_marks, changed_penalty
from rnn_course.grading.gradebook.course import SECRET_FILE, Course
from rnn_course.grading.gradebook.full_disk import is_full
from rnn_course.grading.gradebook.lateness import Penalty
from rnn_course.grading.gradebook.recorder import Recorder
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import Submission, read_submission
from rnn_course.grading.judge.grading_task import Graded, Terms, without_points
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.result import Incident, Result, asks_anew

_LONGEST_SECRET = 1000


@dataclass(frozen=True)
class Writers:
    """What writes marks, and what writes down which of them have changed."""

    recorder: Recorder
    changes: ChangeList


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
        folder = self._course.path("submitted", student, self._name)
        return read_submission(folder, student, self._release, self._terms.limits)

    def outdated(self, students: Sequence[str]) -> list[str]:
        """Return who is new or changed, or whose checks have changed."""
        recorded = self._course.automatic(self._name)
        return [
            student
            for student in students
            if not self._store.holds(
                student, self._terms.made_from(self.read(student)), recorded.get(student, {})
            )
        ]

    def by_hand(self, student: str) -> Mapping[str, float]:
        """Return what a person gave in place of a machine's marks, by question."""
        given, judged = self._by_hand.get(student, {}), self._release.course.by_id
        return {name: mark for name, mark in given.items() if name in judged and judged[name].judge}

    def take(self, submission: Submission, outcome: Graded | str) -> tuple[Graded, str]:
        """Write down what came of a submission, in the gradebook first.

        Returns:
            What was written, and why the submission could not be graded, "" as a rule.
        """
        student, made_from, why = submission.student, self._terms.made_from(submission), ""
        if isinstance(outcome, str):
            why, made_from = outcome, {}
            outcome = without_points(submission, self._terms, outcome)
        result = _with_overrides(outcome.result, self.by_hand(student))
        graded, last = replace(outcome, result=result), self._store.last(student)
        new = {"made_from": made_from, **result.as_dict()}
        changed = changed_marks(student, last, new, self.by_hand(student)) if last else []
        try:
            if self._writers is not None:
                changed += self._write(self._writers, submission, made_from, graded, changed)
        except Exception as error:  # one submission never stops the class, a full disk does
            if is_full(error):
                raise
            return graded, f"Its marks could not be written: {type(error).__name__}: {error}"
        self.changes += changed
        return graded, why

    def _write(
        self,
        writers: Writers,
        submission: Submission,
        made_from: Mapping[str, str],
        graded: Graded,
        changed: Sequence[MarkChange],
    ) -> list[MarkChange]:
        """Write marks; return what changed besides them, which is what lateness costs."""
        student, notebook = submission.student, self._release.course.notebook
        secret = submission.files.get(SECRET_FILE, b"")[:_LONGEST_SECRET].decode(errors="replace")
        last = self._store.last(student)
        flag = asks_anew(graded.result, last)
        writers.recorder.record(student, notebook, graded.notebook, secret, flag=flag)
        costs = self._penalise([student])
        if last is None:
            costs = []
        writers.changes.add([*changed, *costs])
        reasons = {**(last or {}).get("changed", {}), **{one.question: one.why for one in changed}}
        self._store.put(student, made_from, graded, reasons)
        return costs

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
