"""What follows from a mistake is not judged twice; from an answer that holds nothing, it is."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_course.checks import Part, array, calls, compare
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.recording import Source, record

MODEL = "def pair(x):\n    up = x + 1\n    return up, 2 * up, x.shape"
SOURCE = Source("pair", MODEL, "import numpy as np")
QUESTION = compare(
    "pair",
    "A pair",
    cases=calls("pair", array("N", low=1, high=3)),
    parts=(
        Part("up", "One more", 2, "up=result.0"),
        Part("twice", "Twice as much", 3, "twice=result.1", follows="up"),
        Part("shape", "The shape", 1, "shape=result.2"),
    ),
)
JUDGED = replace(QUESTION, judge=judged_by(record(QUESTION.comparison, SOURCE, 3, named=False)))


@pytest.mark.parametrize(
    ("answer", "scores"),
    [
        ("x + 1, 2 * x + 2, x.shape", {"up": 2, "twice": 3, "shape": 1}),
        ("x + 2, 2 * x + 4, x.shape", {"up": 0, "twice": 3, "shape": 1}),
        ("x + 1, 3 * x, x.shape", {"up": 2, "twice": 0, "shape": 1}),
        ("x * 0, x * 0, x.shape", {"up": 0, "twice": 0, "shape": 1}),
        ("np.zeros_like(x), np.zeros_like(x), x.shape", {"up": 0, "twice": 0, "shape": 1}),
        ("x * 0, 2 * x, x.shape", {"up": 0, "twice": 3, "shape": 1}),  # something is there
        ("x + 1, x * 0, x.shape", {"up": 2, "twice": 0, "shape": 1}),
    ],
)
def test_from_zeros_follows_nothing(answer, scores):
    known: dict = {"np": np}
    exec(f"def pair(x):\n    return {answer}", known)
    report = JUDGED.report(LocalSubject(known), 3)
    assert {verdict.criterion.id: verdict.score for verdict in report.verdicts} == scores
