"""Figures of a class: how hard a question was, and whether it tells strong from weak.

**Item-rest correlation.** The discrimination of a question is the correlation between its marks
and the marks on *all other* questions: near 1 where those who do well elsewhere do well here, near
0 where the question measures something else or luck, below 0 where it rewards the weak (often a
fault of the question). The question itself is left out of the sum, or each would correlate with
itself; so are questions that a person has not marked for everybody.

References:
    R. L. Ebel, D. A. Frisbie: Essentials of Educational Measurement, 5th ed. 1991, ch. 13.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from rnn_course.checks.coursework import Question
from rnn_course.checks.report import Criterion
from rnn_course.grading.reporting.class_results import ClassResults, Submitted

FEW = 10
"""Below this many students a correlation says next to nothing."""


@dataclass(frozen=True)
class QuestionFigures:
    """How a class did on one question.

    Attributes:
        marked: how many have marks for it; those whom a person still has to mark are left out.
        mean: of the points; None where nobody is marked.
        full: how many have all points.
        none: how many have no points.
        discrimination: the item-rest correlation; None where either side is the same for all.
    """

    question: Question
    marked: int
    pending: int
    mean: float | None
    full: int
    none: int
    discrimination: float | None

    @property
    def partly(self) -> int:
        """How many have some of the points."""
        return self.marked - self.full - self.none


@dataclass(frozen=True)
class CriterionFigures:
    """How a class did on one criterion: how many met it, in part, not at all."""

    question: Question
    criterion: Criterion
    met: int
    partly: int
    failed: int


@dataclass(frozen=True)
class MarksFigures:
    """Total marks of a class."""

    totals: tuple[float, ...]
    mean: float
    median: float
    lower: float
    upper: float


def marks_figures(results: ClassResults) -> MarksFigures:
    """Describe the totals: mean, median and quartiles."""
    totals = tuple(one.member.total for one in results.submitted)
    lower, median, upper = np.percentile(totals, [25, 50, 75])
    return MarksFigures(totals, float(np.mean(totals)), float(median), float(lower), float(upper))


def question_figures(results: ClassResults) -> list[QuestionFigures]:
    """Describe every question, in order."""
    # what some have marked and others have not would tell them apart by that alone
    open_ = {
        name
        for one in results.submitted
        for name, mark in one.member.marks.items()
        if mark.unmarked
    }
    return [_question(question, results.submitted, open_) for question in results.coursework]


def _question(
    question: Question, submitted: Sequence[Submitted], open_: Set[str]
) -> QuestionFigures:
    marks = [(one.member.marks.get(question.id), one) for one in submitted]
    pending = sum(mark is not None and mark.unmarked for mark, _ in marks)
    left_out = {*open_, question.id}
    known = [(m.score, _rest(one, left_out)) for m, one in marks if m and not m.unmarked]
    scores = np.array([score for score, _ in known], dtype=float)
    full = scores >= question.points - 1e-9
    rests = np.array([rest for _, rest in known], dtype=float)
    return QuestionFigures(
        question,
        len(known),
        pending,
        float(scores.mean()) if known else None,
        int(full.sum()),
        int(((scores <= 1e-9) & ~full).sum()),  # of a question worth nothing, all have all
        _correlation(scores, rests),
    )


def _rest(one: Submitted, left_out: Set[str]) -> float:
    return sum(mark.score for name, mark in one.member.marks.items() if name not in left_out)


def _correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    if len(x) < 3 or np.ptp(x) < 1e-9 or np.ptp(y) < 1e-9:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def criterion_figures(results: ClassResults) -> list[CriterionFigures]:
    """Describe every criterion that a machine decides, in order."""
    return [
        _criterion(question, criterion, results.submitted)
        for question in results.coursework
        if question.judge is not None or question.comparison is not None
        for criterion in question.criteria
    ]


def _criterion(
    question: Question, criterion: Criterion, submitted: Sequence[Submitted]
) -> CriterionFigures:
    met = partly = failed = 0
    for one in submitted:
        answer = one.answers.get(question.id)
        verdict = answer.criteria.get(criterion.id) if answer else None
        if verdict is None:
            continue
        met += bool(verdict["passed"])
        partly += bool(not verdict["passed"] and verdict["score"])
        failed += not verdict["passed"] and not verdict["score"]
    return CriterionFigures(question, criterion, met, partly, failed)


def before_deadline(results: ClassResults) -> dict[str, timedelta]:
    """Return how long before the deadline each student handed in, below zero where late."""
    return {
        one.member.id: one.member.due - one.member.handed_in
        for one in results.submitted
        if one.member.due and one.member.handed_in
    }
