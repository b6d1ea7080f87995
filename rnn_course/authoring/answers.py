"""Judges the judges: runs known right and wrong answers and counts what each check makes of them.

Each answer is executed as a notebook would be, in an empty folder of its own.
"""

import contextlib
import io
import linecache
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from rnn_course.authoring.console import wide
from rnn_course.authoring.corpus import Sample, samples
from rnn_course.authoring.declared import without_example
from rnn_course.checks.courses import located
from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.report import Report
from rnn_course.checks.requests import Describe
from rnn_course.checks.subject import Subject
from rnn_course.checks.watch import isolated
from rnn_course.seeding import PUBLIC_SEED

LIMIT = 1.0  # seconds of one core that a check may take, of the machine of README's figures
_WORK = 0.014  # seconds of it that `_slowness` takes there
_UNTOLD = "a declared mistake that no known answer shows. Add one that is told it, or delete it."
NAMED = 0.95  # share of the wrong answers that must be called by their own name


_HEADINGS = ("right\naccepted", "wrong\nrejected", "wrong\nnamed", "by\nluck", "mean\ns", "most\ns")


@dataclass(frozen=True)
class Judged:
    """What a check made of one sample.

    Attributes:
        seconds: processor time of the check, without that of executing the answer.
        luck: a sentence for each seed at which a criterion earns other marks.
    """

    sample: Sample
    report: Report
    seconds: float
    luck: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it earned full marks."""
        return self.report.score == self.report.max_score

    @property
    def named(self) -> bool:
        """Whether the expected mistake is among those that were recognised."""
        ids = {misconception.id for misconception in self.report.misconceptions}
        return bool({*ids, self.report.status} & set(self.sample.expected))

    @property
    def good(self) -> bool:
        """Whether the check did what it should; it should never break down."""
        if self.report.breakdown or self.luck:
            return False
        return self.accepted if self.sample.right else self.named and not self.accepted


@dataclass(frozen=True)
class Row:
    """The confusion table's line for one question."""

    question: str
    right: int
    right_accepted: int
    wrong: int
    wrong_rejected: int
    wrong_named: int
    mean_seconds: float
    most_seconds: float
    by_luck: int

    @property
    def good(self) -> bool:
        """Whether the question meets the bars."""
        return (
            not self.by_luck
            and self.right_accepted == self.right
            and self.wrong_rejected == self.wrong
            and self.wrong_named >= NAMED * self.wrong
            and self.most_seconds < LIMIT
        )


@dataclass(frozen=True)
class AuditResult:
    """Every sample judged, in the order of the corpus.

    Attributes:
        uncovered: questions that are judged, and to which no answer is known.
        untold: declared mistakes that no answer is told, ``COURSEWORK: ID``.
    """

    judged: tuple[Judged, ...]
    uncovered: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether questions meet the bars, no check broke down, and every mistake is shown."""
        broken = any(each.report.breakdown for each in self.judged)
        return not broken and not self.untold and all(row.good for row in self.rows())

    def rows(self) -> list[Row]:
        """Count by question."""
        questions: dict[str, list[Judged]] = {}
        for each in self.judged:
            key = f"{each.sample.coursework}/{each.sample.question}"
            questions.setdefault(key, []).append(each)
        return [_row(question, found) for question, found in questions.items()]

    def table(self) -> Table:
        """Return the confusion table for a terminal."""
        table = Table(title="Audit: known answers against the checks")
        table.add_column("question", no_wrap=True)
        for heading in _HEADINGS:
            table.add_column(heading, justify="right", no_wrap=True)
        table.add_column("bars\nmet")
        rows = {row.question: _cells(row) for row in self.rows()}
        rows |= {question: (*["–"] * len(_HEADINGS), "not covered") for question in self.uncovered}
        for course in dict.fromkeys(question.partition("/")[0] for question in rows):
            table.add_section()
            table.add_row(f"[bold]{course}[/bold]")
            for question, cells in rows.items():
                if question.startswith(f"{course}/"):
                    table.add_row(f"  {question.partition('/')[2]}", *cells)
        return table

    def complaints(self) -> list[str]:
        """Tell of every sample that was not judged as it should be, and of mistakes not shown."""
        found = [f"{each.sample.name}: {_complaint(each)}" for each in self.judged if not each.good]
        return found + [f"{mistake}: {_UNTOLD}" for mistake in self.untold]

    def show(self, console: Console | None = None) -> None:
        """Print the table and the complaints."""
        console = wide(console)
        console.print(self.table())
        for complaint in self.complaints():
            console.print(complaint, markup=False, highlight=False)


def _row(question: str, judged: list[Judged]) -> Row:
    right = [each for each in judged if each.sample.right]
    wrong = [each for each in judged if not each.sample.right]
    seconds = [each.seconds for each in judged]
    return Row(
        question,
        len(right),
        sum(each.accepted for each in right),
        len(wrong),
        sum(not each.accepted for each in wrong),
        sum(each.named and not each.accepted for each in wrong),
        sum(seconds) / len(seconds),
        max(seconds),
        sum(bool(each.luck) for each in judged),
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{row.right_accepted} of {row.right}",
        f"{row.wrong_rejected} of {row.wrong}",
        f"{row.wrong_named} of {row.wrong}",
        f"{row.by_luck}",
        f"{row.mean_seconds:.2f}",
        f"{row.most_seconds:.2f}",
        "yes" if row.good else "NO",
    )


def _complaint(each: Judged) -> str:
    report = each.report
    if report.breakdown:
        return f"the check broke down: {report.breakdown}"
    if each.luck:
        return " ".join(each.luck)
    earned = f"{report.score} of {report.max_score}"
    found = ", ".join(m.id for m in report.misconceptions) or report.status
    if each.sample.right:
        said = " ".join(v.message for v in report.verdicts if not v.passed)
        return f"right, but earned {earned} ({found}). {said}"
    if each.accepted:
        return f"wrong, but earned full marks; expected {' | '.join(each.sample.expected)}"
    return f"expected {' | '.join(each.sample.expected)}, found {found} ({earned})"


def examine(sample: Sample, seed: int = PUBLIC_SEED) -> Judged:
    """Execute a sample and judge it.

    Raises:
        CheckError: its folder is not named after a question.
    """
    question = _coursework(sample.coursework)[sample.question]
    with tempfile.TemporaryDirectory() as folder, isolated():
        namespace, problem = _execute(sample, folder)
        if problem is not None:
            text = f"The cell raised {type(problem).__name__}: {problem}"
            return Judged(sample, question.unreached("crashed", text), 0.0)
        return _judge(sample, question, LocalSubject(namespace, folder), seed)


@cache
def _coursework(name: str) -> Coursework:
    """Open a coursework of the folder that the corpus is audited in."""
    return located(name).coursework()


def _judge(sample: Sample, question: Question, subject: LocalSubject, seed: int) -> Judged:
    subject.ask(Describe(question.id))  # what is imported on first use is not the check's time
    report, seconds = _timed(question, subject, seed)
    if seconds > LIMIT:  # a first run imports, a busy machine interferes
        report, again = _timed(question, subject, seed)
        seconds = min(seconds, again)
    if seconds > LIMIT:
        seconds /= _slowness()
    return Judged(sample, report, seconds)


def _slowness() -> float:
    """Return how many times as long as usual some work takes, at least 1.

    On a machine that shares its processors a second holds two or three times less than a minute
    ago; whether a check is too slow must not depend on it.
    """
    start = time.process_time()
    row = torch.zeros(8)
    for number in range(5000):
        row = row + number % 3
    return max(1.0, (time.process_time() - start) / _WORK)


def _timed(question: Question, subject: Subject, seed: int) -> tuple[Report, float]:
    start = time.process_time()
    report = question.report(subject, seed)
    return report, time.process_time() - start


def _execute(sample: Sample, folder: str) -> tuple[dict[str, Any], Exception | None]:
    """Run an answer as a cell: its text is known to tracebacks under a name that is not a path."""
    source = sample.text
    name = f"<{sample.path.parent.name} {sample.path.stem}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"__name__": "__main__", "__file__": str(sample.path.resolve())}
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, name, "exec"), namespace)
    except Exception as problem:
        return namespace, problem
    return namespace, None


def run(
    name: str | None = None, folder: Path | str = "tests/submissions", *, seeds: int = 1
) -> AuditResult:
    """Judge every sample of a corpus.

    Args:
        name: one coursework; all of them if None.
        folder: the corpus.
        seeds: at how many; marks that differ between them are luck.

    Raises:
        CheckError: see `samples` and `examine`.
    """
    known = list(samples(Path(folder), name))
    judged = tuple(_at_seeds(sample, seeds) for sample in known)
    return AuditResult(judged, _uncovered(known), tuple(_untold(judged)))


def _untold(judged: Iterable[Judged]) -> Iterator[str]:
    """Yield the declared mistakes that no answer is told, of courseworks that have answers."""
    told: dict[str, set[str]] = {}
    for each in judged:
        ids = {misconception.id for misconception in each.report.misconceptions}
        told.setdefault(each.sample.coursework, set()).update(ids)
    for name, ids in told.items():
        yield from (f"{name}: {ident}" for ident in without_example(_declared(name), ids))


def _declared(name: str) -> tuple[Question, ...]:
    """Return the questions of a coursework as they are declared."""
    return tuple(located(name).declared.values())


def _at_seeds(sample: Sample, seeds: int) -> Judged:
    """Judge a sample at the students' seed and at others, in a notebook of its own each time."""
    usual = examine(sample)
    others = {seed: examine(sample, seed).report for seed in range(1, seeds)}
    told = (_difference(usual.report, other, seed) for seed, other in others.items())
    return replace(usual, luck=tuple(filter(None, told)))


def _difference(usual: Report, other: Report, seed: int) -> str:
    pairs = zip(usual.verdicts, other.verdicts, strict=True)
    changed = [
        f"{there.criterion.id} {there.score:g}, not {here.score:g}"
        for here, there in pairs
        if here.score != there.score
    ]
    return f"At seed {seed}: {'; '.join(changed)}." if changed else ""


def _uncovered(known: list[Sample]) -> tuple[str, ...]:
    """Name the questions without an answer, of those courseworks that have any."""
    covered = {(sample.coursework, sample.question) for sample in known}
    return tuple(
        f"{name}/{question.id}"
        for name in dict.fromkeys(sample.coursework for sample in known)
        for question in _coursework(name)
        if question.judge is not None and (name, question.id) not in covered
    )
