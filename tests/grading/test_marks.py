"""Attacks on marks: none earns more than the same answers without it, or changes honest marks."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import toy
from nbformat import NotebookNode

from rnn_course.grading.attacks.cell_attacks import try_cells_plainly, try_on_judge
from rnn_course.grading.attacks.corpus import read_attack, read_attacks
from rnn_course.grading.host.kernel_factory import kernel_factory
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.judge import grade
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.result import Result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

CORPUS = Path(__file__).parents[1] / "submissions" / "attacks"
ATTACKS = [attack for attack in read_attacks(CORPUS) if attack.way == "marks"]
LIMITS = Limits(cell_seconds=4, grace_seconds=2, output_bytes=2 * MIB, memory_bytes=1024 * MIB)
SOON = replace(LIMITS, cell_seconds=1, grace_seconds=1)
ENDLESS = {"channel_deaf", "observation_huge", "endless_answer"}  # they use whatever they are given
WRONG = "def double(x):\n    return x\n\n\ndef square(x):\n    return -x\n\n\n"


def graded(
    double: str, square: str = toy.STUB, limits: Limits = LIMITS
) -> tuple[NotebookNode, Result]:
    launch, sandbox = kernel_factory({}, limits)
    return grade(
        Submission("eve", toy.text(double, square)),
        toy.RELEASE,
        launch=launch,
        seed=2**61 + 12345,
        limits=limits,
        environment={"sandbox": sandbox},
    )


@pytest.fixture(scope="module")
def full() -> float:
    _, honest = graded(toy.DOUBLE, toy.SQUARE)
    assert honest.score >= 8
    return honest.score


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_earns_nothing_and_honest_marks_stay(attack, full: float) -> None:
    limits = SOON if attack.name in ENDLESS else LIMITS
    tried = try_on_judge(attack, lambda code: graded(WRONG + code, limits=limits), 0)
    assert tried.harm == []
    assert ("timeout" in tried.stopped_by) or attack.name not in ENDLESS
    assert graded(toy.DOUBLE, toy.SQUARE)[1].score == full


def test_what_counts_as_a_success_is_noticed() -> None:
    attack = read_attack(CORPUS / "printed_scores.py")
    assert try_on_judge(attack, lambda code: graded(toy.DOUBLE), 0).harm == ["earned 4 points"]


def test_the_same_answers_earn_nothing_without_an_attack() -> None:
    assert graded(WRONG)[1].score == 0


@pytest.mark.slow
def test_plain_nbgrader_gives_marks_for_a_line_of_code() -> None:
    harm = try_cells_plainly(read_attack(CORPUS / "input_transformer.py"))
    assert harm == ["earned 3 points"]
