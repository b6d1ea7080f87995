"""Sequences must be drawn, each for itself, and by the student."""

from pathlib import Path

import numpy as np
import pytest

from rnn_course.checks.local import LocalSubject
from rnn_course.courseworks.cw3_temporal_order import COURSEWORK

RIGHT = Path(__file__).parents[2] / "submissions/cw3_temporal_order/generate/right"
SEEDS = (1, 2**31 + 3)
VECTORISED = (RIGHT / "vectorised.py").read_text()
DRAWN = "s = rng.integers(0, 2, size=(n, 3))"
DEALT = "s = ({})[:, None] >> np.array([2, 1, 0]) & 1"


def report(text, seed):
    known = {"__name__": "__main__"}
    exec(text, known)
    return COURSEWORK["generate"].report(LocalSubject(known), seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "dealt",
    ["np.arange(n) % 8", "np.arange(n) // 8 % 8", "rng.permutation(np.arange(n) % 8)"],
)
def test_classes_that_are_dealt_out_are_not_independent(dealt, seed):
    found = report(VECTORISED.replace(DRAWN, DEALT.format(dealt)), seed)
    assert {v.criterion.id for v in found.verdicts if not v.passed} == {"distribution"}
    assert [m.id for m in found.misconceptions] == ["dealt_out"]


@pytest.mark.parametrize("place", ["(10, 21", "(33, 44", "(66, 77", "(100, 111"])
def test_a_range_without_its_end_costs_the_same_wherever_it_is(place):
    first, last = place[1:].split(", ")
    short = VECTORISED.replace(place, f"({first}, {int(last) - 1}")
    found = report(short, 1)
    assert found.score == found.max_score - 2
    assert [m.id for m in found.misconceptions] == ["range_end_missing"]


def test_the_type_of_the_inputs_is_the_one_that_is_asked_for():
    found = report(VECTORISED.replace("np.eye(8, dtype=np.float32)", "np.eye(8)"), 1)
    assert [m.id for m in found.misconceptions] == ["inputs_not_float32"]
    assert found.score == found.max_score - 1


def test_our_own_generator_is_no_answer():
    ours = "from rnn_course.data import temporal_order\n\n\ndef generate_inputs_labels(n, rng):\n"
    found = report(ours + "    return tuple(temporal_order(n, seed=rng))", 1)
    assert found.score == 0
    assert [m.id for m in found.misconceptions] == ["calls_the_solution"]
    assert found.incidents


def test_sequences_of_the_same_kind_are_not_taken_for_ours():
    assert not report(VECTORISED, 1).incidents
    assert np.isclose(report(VECTORISED, 1).score, 10)
