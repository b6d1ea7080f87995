"""Whose marks change between two gradings, by how much, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnn_course.checks.display import points, printable
from rnn_course.grading.gradebook.lateness import Penalty

LATENESS = "late penalty"
HEADER = ("student", "question", "before", "after", "of before", "of after", "by hand", "why")
_REASONS = {
    "submission": "another submission was handed in",
    "checks": "the checks changed",
    "released": "the released notebook changed",
    "settings": "the seed or a limit changed",
    "program": "rnn-course changed",
}
_Question = Mapping[str, Any]


@dataclass(frozen=True)
class MarkChange:
    """A mark of a machine's that is not what it was.

    Attributes:
        question: its id, or `LATENESS`.
        before: points so far; None where the question is new.
        after: points now; None where the question is gone.
        of_before: how many there were to earn.
        of_after: how many there are to earn.
        by_hand: what a person gave instead; it stays, whatever the machine says.
        why: in a few words.
    """

    student: str
    question: str
    before: float | None
    after: float | None
    of_before: float | None
    of_after: float | None
    by_hand: float | None
    why: str

    @property
    def gain(self) -> float:
        """By how much the student's total changes."""
        return 0.0 if self.by_hand is not None else (self.after or 0.0) - (self.before or 0.0)

    def text(self) -> str:
        """Return the change as a line."""
        line = f"{self.student} {self.question}: {_earned(self.before, self.of_before)}"
        line += f" -> {_earned(self.after, self.of_after)}"
        if self.by_hand is not None:
            line += f", by hand {points(self.by_hand)} stays: look at it again"
        return printable(f"{line}  ({self.why})")

    def row(self) -> list[str]:
        """Return the change as cells of a table under `HEADER`."""
        numbers = (self.before, self.after, self.of_before, self.of_after, self.by_hand)
        shown = ["" if number is None else points(number) for number in numbers]
        return [self.student, self.question, *shown, self.why]


def changed_marks(
    student: str, old: Mapping[str, Any], new: Mapping[str, Any], by_hand: Mapping[str, float]
) -> list[MarkChange]:
    """Compare two results of a student.

    Args:
        student: whose.
        old: as `ResultStore.result` returns it.
        new: the same, of this grading.
        by_hand: what a person gave instead, by question.
    """
    last, latest = _questions(old), _questions(new)
    general = _reasons(old, new)
    found = []
    for name in dict.fromkeys([*latest, *last]):
        was, now = last.get(name), latest.get(name)
        before_after = (_number(was, "score"), _number(now, "score"))
        of = (_number(was, "max_score"), _number(now, "max_score"))
        if len({*before_after}) > 1 or len({*of}) > 1:
            why = "; ".join([*_own_reasons(was, now), *general]) or "nothing changed: look at it"
            found.append(MarkChange(student, name, *before_after, *of, by_hand.get(name), why))
    return found


def changed_penalty(penalty: Penalty) -> MarkChange | None:
    """Return what lateness costs as a change, None where it costs what it did."""
    if penalty.before == penalty.after:
        return None
    why = "the marks, a deadline, an extension or the late penalty plugin changed"
    numbers = (0 - penalty.before, 0 - penalty.after, None, None, None)
    return MarkChange(penalty.student, LATENESS, *numbers, why)


def summary(changes: Sequence[MarkChange], *, would: bool = False) -> str:
    """Say in a sentence how many marks change for how many students.

    Args:
        changes: all of them.
        would: nothing was written.
    """
    if not changes:
        return "No marks would change." if would else "No marks changed."
    students = {change.student for change in changes}
    gains: dict[str, float] = {}
    for change in changes:
        gains[change.student] = gains.get(change.student, 0.0) + change.gain
    better, worse = sum(g > 0 for g in gains.values()), sum(g < 0 for g in gains.values())
    verb = "would change" if would else "changed"
    counted = f"{_plural(len(changes), 'mark')} of {_plural(len(students), 'student')}"
    return f"{counted} {verb}: {better} gain, {worse} lose in total."


def by_student(changes: Iterable[MarkChange]) -> Iterator[str]:
    """Yield a line a change, sorted, so that two lists can be compared."""
    yield from (change.text() for change in sorted(changes, key=lambda c: (c.student, c.question)))


def _questions(result: Mapping[str, Any]) -> dict[str, _Question]:
    return {question["id"]: question for question in result["questions"]}


def _number(question: _Question | None, name: str) -> float | None:
    return None if question is None else float(question[name])


def _reasons(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return what differs of all that marks depend on."""
    was, now = old.get("made_from") or {}, new.get("made_from") or {}
    if not was:
        return ["grading had failed before"]
    if not now:
        return ["grading failed this time"]
    return [text for name, text in _REASONS.items() if was.get(name) != now.get(name)]


def _own_reasons(was: _Question | None, now: _Question | None) -> list[str]:
    """Return what is to be said of one question beside that."""
    if was is None:
        return ["the question is new"]
    if now is None:
        return ["the question was taken out"]
    if was["max_score"] != now["max_score"]:
        return [f"{points(was['max_score'])} points became {points(now['max_score'])}"]
    return []


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _earned(number: float | None, most: float | None) -> str:
    if number is None:
        return "-"
    return points(number) if most is None else f"{points(number)}/{points(most)}"
