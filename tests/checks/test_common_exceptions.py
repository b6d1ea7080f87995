"""Exceptions as NumPy and PyTorch really raise them, by the mistakes that students make."""

import numpy as np
import pytest
import torch
from torch import nn

from rnn_course.checks.generic import explain_error
from rnn_course.checks.mistakes import RAISES
from rnn_course.checks.values import Raised


class NoSuper(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(1, 1)


ROWS = torch.zeros(2, 3, 4)
LSTM = nn.LSTM(4, 5, batch_first=True)

RAISING = {
    "no super().__init__()": (NoSuper, "super().__init__()"),
    "a pair is sliced": (lambda: LSTM(ROWS)[:, -1], "unpack them"),
    "a missing state is multiplied": (lambda: torch.ones(2) * None, "make zeros"),
    "a missing state is indexed": (lambda: {}.get("h")[0], "make zeros"),
    "a missing state into a layer": (lambda: nn.Linear(1, 1)(None), "make zeros"),
    "labels that are no integers": (lambda: np.ones((2, 3))[np.arange(2), np.ones(2)], "integers"),
    "too many axes": (lambda: np.ones(3)[0, 1], ".shape"),
    "too many axes in torch": (lambda: torch.ones(3)[0, 1], ".shape"),
    "an axis too many": (lambda: torch.ones(3).sum(dim=2), ".shape"),
    "beyond the end": (lambda: list(range(1))[1], "length minus 1"),
    "beyond the end in NumPy": (lambda: np.ones(3)[3], "length minus 1"),
    "a wrong name": (lambda: {"Wxh": 1}["wxh"], "capitals included"),
    "torch with an array": (lambda: torch.sigmoid(np.ones(2)), "Stay with one of them"),
}


@pytest.mark.parametrize(("act", "told"), RAISING.values(), ids=RAISING)
def test_what_students_meet_has_its_sentence(act, told):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is NumPy's or torch's choice
        act()
    message, found = explain_error(Raised(type(caught.value).__name__, str(caught.value)))
    assert found.id == RAISES.id
    assert found.seen != RAISES.seen
    assert told in found.why
    assert type(caught.value).__name__ in message


def test_what_is_not_known_stays_general():
    assert explain_error(Raised("ValueError", "odd")).misconception is RAISES
