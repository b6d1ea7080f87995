"""Each exception is raised by torch itself, so that a new wording of torch's is noticed."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence

from rnn_course.checks.common_exceptions import familiar
from rnn_course.checks.generic import explain_error
from rnn_course.checks.values import Raised

x, ids = torch.zeros(4, 30, 8), torch.zeros(4, 30, dtype=torch.long)
lstm, gru = nn.LSTM(8, 5, batch_first=True), nn.GRU(8, 5, batch_first=True)


def twice():
    weight = torch.ones(2, requires_grad=True)
    loss = (weight * weight).sum()
    loss.backward()
    loss.backward()


CASES = {
    "classes_not_second": (
        lambda: F.cross_entropy(torch.zeros(4, 30, 28), ids),
        lambda: F.cross_entropy(torch.zeros(4, 8), torch.zeros(5, dtype=torch.long)),
    ),
    "targets_not_numbers": (
        lambda: F.cross_entropy(torch.zeros(4, 8), torch.zeros(4)),
        lambda: F.cross_entropy(torch.zeros(4, 8), torch.zeros(4, 8, dtype=torch.long)),
    ),
    "past_the_end": (
        lambda: x[torch.arange(4), torch.tensor([3, 5, 30, 2])],
        lambda: torch.zeros(3)[3],
    ),
    "unsorted_packing": (
        lambda: pack_padded_sequence(x, torch.tensor([3, 5, 30, 2]), batch_first=True),
    ),
    "lengths_unfit": (
        lambda: pack_padded_sequence(x, torch.tensor([3, 2, 1, 0]), batch_first=True),
    ),
    "pair_returned": (
        lambda: nn.Linear(5, 2)(lstm(x)),
        lambda: lstm(x).shape,
        lambda: F.cross_entropy((x, 1), ids),
        lambda: gru(x, (torch.zeros(1, 4, 5), torch.zeros(1, 4, 5))),
    ),
    "state_unfit": (
        lambda: gru(x, torch.zeros(4, 5)),
        lambda: gru(x, torch.zeros(1, 30, 5)),
    ),
    "input_unfit": (
        lambda: nn.GRU(9, 5, batch_first=True)(x),
        lambda: gru(torch.zeros(4)),
    ),
    "numbers_not_integers": (
        lambda: nn.Embedding(5, 3)(torch.zeros(2, 3)),
        lambda: F.one_hot(torch.zeros(3)),
    ),
    "outside_vocabulary": (
        lambda: nn.Embedding(5, 3)(torch.tensor([5])),
        lambda: F.one_hot(torch.tensor([5]), 3),
        lambda: F.cross_entropy(torch.zeros(4, 8), torch.full((4,), 9)),
    ),
    "not_probabilities": (
        lambda: torch.multinomial(torch.tensor([0.0, 0.0]), 1),
        lambda: torch.multinomial(torch.tensor([float("nan"), 0.0]), 1),
    ),
    "nothing_to_learn": (lambda: torch.zeros(3).sum().backward(),),
    "graph_used_twice": (twice,),
    "still_in_graph": (lambda: nn.Linear(2, 2)(torch.zeros(1, 2)).numpy(),),
    "many_truths": (
        lambda: bool(torch.zeros(2) > 0),
        lambda: bool(np.zeros(2) > 0),
    ),
    "mask_not_boolean": (lambda: torch.zeros(3).masked_fill(torch.zeros(3), -1),),
}


@pytest.mark.parametrize(
    ("name", "call"), [(name, call) for name, calls in CASES.items() for call in calls]
)
def test_an_exception_of_torch_s_has_its_sentence(name, call):
    with pytest.raises(Exception, match=r".") as caught:
        call()
    found = familiar(str(caught.value))
    assert found is not None, caught.value
    assert found.id == name
    told = explain_error(Raised(type(caught.value).__name__, str(caught.value)))
    assert told.misconception is found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "division by zero",
        "index 1 is out of bounds for dimension 0 with size 1",
        "index 9 is out of bounds for dimension 0 with size 4",
        "'tuple' object has no attribute 'x'",
    ],
)
def test_others_stay_unexplained(text):
    assert familiar(text) is None
