"""What is read off an answer that draws by lot is read on the judge's side, by marked functions."""

import numpy as np
import pytest

from rnn_course.checks.cases import Case
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.measuring import Measure, measured, measuring
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.recording import Source, record
from rnn_course.checks.recording_data import as_data, from_data
from rnn_course.checks.requests import Call, Fetch, Outcome
from rnn_course.checks.values import Opaque, Raised, Ref, Rng
from rnn_course.checks.wire import decode, encode
from rnn_course.errors import CheckError


@measuring
def span(drawn: np.ndarray) -> list[int]:
    """Return the least and the largest number."""
    return [int(drawn.min()), int(drawn.max())]


def _cases(rng):
    for seed in (1, 2):
        steps = {"drawn": Call("throw", (300, Rng(seed)))}
        yield Case("300 throws", steps, measured={"span": Measure(span, (Ref("drawn"),))})
    yield Case("the number", {"luck": Fetch("luck")}, "luck")


QUESTION = compare(
    "throw",
    "Dice",
    cases=_cases,
    parts=(
        Part("span", "From 1 to 6", 2, "span"),
        Part("luck", "A number", 1, "luck", groups=("luck",), told=False),
    ),
    mistakes=(Mistake("six_missing", "No six", "7 is left out", (("1, 7, n", "1, 6, n"),)),),
)
RIGHT = "def throw(n, rng):\n    return rng.integers(1, 7, n)\n\n\nluck = 7"


def _judged(text):
    from dataclasses import replace

    recording = record(QUESTION.comparison, Source("throw", RIGHT), 5, named=False)
    recording = from_data(decode(encode(as_data(recording))))
    known = {}
    exec(text, known)
    question = replace(QUESTION, judge=judged_by(recording), comparison=None)
    return question.report(LocalSubject(known), 5)


def test_other_draws_with_the_same_span_are_right_and_another_span_is_named():
    assert _judged(RIGHT.replace("1, 7, n)", "1, 7, n)[::-1]")).score == 3
    wrong = _judged(RIGHT.replace("1, 7, n", "1, 6, n"))
    assert wrong.score == 1
    assert [m.id for m in wrong.misconceptions] == ["six_missing"]


def test_a_part_may_keep_what_is_right_to_itself():
    wrong = _judged(RIGHT.replace("luck = 7", "luck = 8"))
    (said,) = [v.message for v in wrong.verdicts if not v.passed]
    assert "8" in said
    assert "7" not in said


def test_what_cannot_be_measured_and_what_raised_is_an_outcome():
    read = {"span": Measure(span, (Ref("drawn"),))}
    odd = measured(read, {"drawn": Outcome(value="a text")})["span"]
    assert isinstance(odd.value, Opaque)
    raised = Raised("ValueError", "no")
    assert measured(read, {"drawn": Outcome(error=raised)})["span"].error is raised
    assert "span" not in measured(read, {})


def test_only_a_marked_function_is_called_by_its_name():
    with pytest.raises(CheckError, match="marked as measuring"):
        measured({"x": Measure("os:getcwd")}, {})
