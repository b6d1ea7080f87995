"""Judges a course's questions by what they declare themselves; no corpus of answers is needed.

For every question that is data: right answers have to be accepted, the released stub has to earn
nothing, declared mistakes have to apply, to be seen and to be told by their own names, and mutants
of the model answer have to be killed. A mutant that no case tells from the right answer is a hole
in the question, or does the same in other words: then its author says so in ``equivalent``.

References:
    DeMillo, Lipton and Sayward, Hints on test data selection, Computer 11, 1978.
"""

import ast
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from rich.console import Console
from rich.table import Table

from rnn_course.authoring.console import wide
from rnn_course.checks.courses import CourseworkFolder
from rnn_course.checks.coursework import Question
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.model import LineBudget, edited, namespace
from rnn_course.checks.mutants import Mutant
from rnn_course.checks.question import Comparison, Mistake
from rnn_course.checks.recording import Recording, Source, alike, audited
from rnn_course.checks.report import Report
from rnn_course.checks.watch import isolated
from rnn_course.errors import CourseError
from rnn_course.seeding import PUBLIC_SEED

_REGION = re.compile(r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION[^\n]*", re.M | re.S)
IDLE = frozenset({"applied_twice", "statement_twice", "steps_exchanged", "superfluous"})
"""Operators whose changes often change nothing; they are counted, and told only when asked for."""

SEEDS = (PUBLIC_SEED, 7)  # a right answer has to be accepted whatever the seed


@dataclass
class QuestionAudit:
    """What is known of one question.

    Attributes:
        faults: what makes the question unfit; each a sentence.
        remarks: what its author should look at.
        right: right answers that are accepted, and how many there are.
        seen: declared mistakes that are seen, and how many ways there are.
        named: those told by their own name.
        killed: mutants that some case tells from the right answer.
        equivalent: those that the author has declared to be right.
        survivors: the others.
        idle: others by operators that often change nothing.
    """

    question: str
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    right: tuple[int, int] = (0, 0)
    seen: tuple[int, int] = (0, 0)
    named: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing makes the question unfit."""
        return not self.faults


@dataclass(frozen=True)
class QuestionsAudit:
    """All questions that are data, of one coursework."""

    coursework: str
    questions: tuple[QuestionAudit, ...]

    @property
    def ok(self) -> bool:
        """Whether every question is fit."""
        return all(question.ok for question in self.questions)

    def table(self) -> Table:
        """Return what was counted, for a terminal."""
        table = Table(title=f"Audit: the questions of {self.coursework} that are data")
        table.add_column("question", no_wrap=True)
        for head in ("right\naccepted", "mistakes\nseen", "mistakes\nnamed"):
            table.add_column(head, justify="right", no_wrap=True)
        for head in (
            "mutants\nkilled",
            "mutants\nequivalent",
            "mutants\nsurvived",
            "idle\nchanges",
        ):
            table.add_column(head, justify="right", no_wrap=True)
        table.add_column("fit")
        for q in self.questions:
            counts = (q.killed, q.equivalent, len(q.survivors), len(q.idle))
            shares = ("{} of {}".format(*q.right), "{} of {}".format(*q.seen))
            named = f"{q.named} of {q.seen[1]}"
            table.add_row(q.question, *shares, named, *map(str, counts), "yes" if q.ok else "NO")
        return table

    def lines(self, *, idle: bool = False) -> Iterator[str]:
        """Yield what is to be mended, then what is to be looked at, then the holes."""
        for kind in ("faults", "remarks"):
            for question in self.questions:
                yield from (f"{question.question}: {line}" for line in getattr(question, kind))
        for question in self.questions:
            for line in (*question.survivors, *(question.idle if idle else ())):
                yield f"{question.question}: no case tells this from the model answer: {line}"
        if any(question.survivors for question in self.questions):
            yield "Add a case that shows the difference, or list it in `equivalent` with a reason."

    def show(self, console: Console | None = None, *, idle: bool = False) -> None:
        """Print the table and the lines; with ``idle`` also the changes that change little."""
        console = wide(console)
        console.print(self.table())
        for line in self.lines(idle=idle):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def run(folder: CourseworkFolder) -> QuestionsAudit:
    """Audit a coursework's questions that are data.

    Raises:
        CheckError: the questions or the notebook cannot be read.
    """
    course = folder.coursework()
    asked = [question for question in course if question.comparison is not None]
    return QuestionsAudit(folder.name, tuple(_Auditor(folder, q).found() for q in asked))


def stub(answer: str) -> str:
    """Return what nbgrader releases of an answer cell."""
    return _REGION.sub(r"\1# YOUR CODE HERE\n\1raise NotImplementedError()", answer)


class _Auditor:
    """Works on one question."""

    def __init__(self, folder: CourseworkFolder, question: Question) -> None:
        assert question.comparison is not None
        self.question, self.comparison = question, question.comparison
        self.source = folder.source(question)
        self.audit = QuestionAudit(question.id)

    def found(self) -> QuestionAudit:
        """Return what is known in the end; what cannot be recorded is not looked at further."""
        ways = list(self._ways())
        try:
            self.recording = self._recorded()
        except CourseError as error:
            if not self.audit.faults:
                self.audit.faults.append(f"cannot be recorded. {error}")
            return self.audit
        self._right()
        self._blank()
        self._mistakes(ways)
        self._look_alike()
        self._mutants()
        return self.audit

    def _recorded(self) -> Recording:
        """Record with all seeds that are tried."""
        assert self.question.recorded is not None
        first, *_ = [self.question.recorded(seed) for seed in SEEDS]
        return first

    def _judged(self, text: str, seed: int = PUBLIC_SEED) -> Report:
        """Judge an answer below the model answers that it needs, as a notebook would run it."""
        with isolated():
            known: dict[str, Any] = namespace(self.source.above, "", self.question.id)
            with contextlib.suppress(Exception), LineBudget(self.question.id):
                exec(compile(text, f"<{self.question.id}>", "exec"), known)
            return self.question.report(LocalSubject(known), seed)

    def _right(self) -> None:
        """Every right answer earns everything, with several seeds."""
        texts = [("the model answer", self.source.text)]
        for number, right in enumerate(self.comparison.also_right, 1):
            texts.append((f"right answer {number} of also_right", self._text(right)))
        accepted = 0
        for what, text in texts:
            reports = [self._judged(text, seed) for seed in SEEDS]
            poor = next((r for r in reports if r.score < r.max_score), None)
            accepted += poor is None
            if poor is not None:
                said = next((v.message for v in poor.verdicts if not v.passed), "")
                self.audit.faults.append(f"{what} earns {poor.score:g} only: {said}")
        self.audit.right = (accepted, len(texts))

    def _text(self, right: Any) -> str:
        """Return another right answer's text: it is one, or edits of the model answer."""
        if isinstance(right, str):
            return right
        edits = ((right,) if isinstance(right[0], str) else tuple(right)) if right else ()
        return edited(self.source.text, edits, f"{self.question.id}, also_right")

    def _blank(self) -> None:
        earned = self._judged(stub(self.source.text)).score
        if earned:
            self.audit.faults.append(
                f"a blank answer earns {earned:g} points: no case fails the released stub. "
                "Add a part or a case that a missing answer cannot meet"
            )

    def _ways(self) -> Iterator[tuple[Mistake, str]]:
        """Yield every way to make a declared mistake, as a whole answer, where it applies."""
        for mistake in self.comparison.mistakes:
            if not mistake.ways():
                self.audit.remarks.append(f"the mistake {mistake.id} has no edits")
            for way in mistake.ways():
                try:
                    text = edited(self.source.text, way, mistake.id)
                except CourseError as error:
                    told = f"the mistake {mistake.id} does not apply: {way[0][0]!r}, {error.came}"
                    self.audit.faults.append(told)
                else:
                    yield mistake, text

    def _mistakes(self, ways: list[tuple[Mistake, str]]) -> None:
        seen = 0
        for mistake, text in ways:
            report = self._judged(text)
            told = [found.id for found in report.misconceptions]
            if report.score == report.max_score:
                known = self.source.text.splitlines()
                new = [f"`{line.strip()}`" for line in text.splitlines() if line not in known]
                how = "; ".join(new) or "an edit of nothing"
                self.audit.faults.append(f"the mistake {mistake.id} is not seen: {how} earns all")
                continue
            seen += 1
            self.audit.named += mistake.id in told
            if mistake.id not in told:
                name = ", ".join(told) or "without a name"
                self.audit.remarks.append(f"the mistake {mistake.id} is told as: {name}")
        self.audit.seen = (seen, sum(len(m.ways()) for m in self.comparison.mistakes))

    def _look_alike(self) -> None:
        declared = [variant for variant in self.recording.variants if variant.kind == "mistake"]
        for one, other in combinations(declared, 2):
            if one.id != other.id and alike(one.differs, other.differs):
                self.audit.remarks.append(f"{one.id} and {other.id} look alike on every case")

    def _mutants(self) -> None:
        for mutant, differs in audited(self.comparison, self.source, PUBLIC_SEED):
            if differs:
                self.audit.killed += 1
                continue
            old, new = changed_line(self.source, mutant)
            if _declared_right(self.comparison, old, new):
                self.audit.equivalent += 1
            else:
                told = f"`{new}` for `{old}`" if new else f"without `{old}`"
                kept = self.audit.idle if mutant.operator in IDLE else self.audit.survivors
                kept.append(f"{told} ({mutant.operator})")


def _declared_right(comparison: Comparison, old: str, new: str) -> bool:
    """Tell whether a change is declared: by a piece that the right line does not have, too."""
    pieces = comparison.equivalent
    return any(piece in (new or old) and (not new or piece not in old) for piece in pieces)


def changed_line(source: Source, mutant: Mutant) -> tuple[str, str]:
    """Return the first line that a mutant changes, and what stands there instead."""
    old = ast.unparse(ast.parse(source.text)).splitlines()
    new = mutant.source.splitlines()
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(new))
    before = old[at].strip() if at < len(old) else ""
    # a statement that is gone: what follows it stands in its place
    gone = len(new) < len(old)
    return before, "" if gone or at >= len(new) else new[at].strip()
