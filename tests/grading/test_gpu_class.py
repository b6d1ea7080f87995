"""A class whose notebooks need a GPU: graded on workers that offer one, and it is there."""

import sys
from pathlib import Path

import pytest
import torch
import toy
from conftest import NAME, hand_in

from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]
ON_THE_CARD = """import torch

def double(x):
    return (2 * torch.as_tensor(x, device="cuda")).cpu().numpy()"""


def earned(course: Path, double: str) -> dict[str, float]:
    """Grade a class of one on this machine's workers; return its scores by question."""
    hand_in(course, "ada", toy_ipynb=toy.text(double))
    assert autograde(course, NAME, Settings(gpu=True)).graded == ["ada"]
    (marks,) = Course(course).marks(NAME, ["ada"])
    return marks.scores


def test_a_worker_of_this_machine_offers_what_is_asked_for(course: Path) -> None:
    assert sum(earned(course, toy.DOUBLE).values()) == 12


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_an_answer_computes_on_the_card_behind_the_wall(course: Path) -> None:
    assert sum(earned(course, ON_THE_CARD).values()) == 12
