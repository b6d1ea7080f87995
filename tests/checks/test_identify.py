import numpy as np
import pytest
import torch
from torch import nn

from rnn_course.checks.identify import correspondence, oracle, student
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.requests import Build, Inspect

D, H, K, B, T = 2, 3, 2, 4, 5
SHAPES = {"W": (H, D), "U": (H, H), "b": (H,), "V": (K, H)}


class Scrambled(nn.Module):
    """The oracle's network with its numbers stored in another order, and one that is not used."""

    def __init__(self):
        super().__init__()
        self.mixed = nn.Parameter(torch.zeros(D + H + 1, H))
        self.idle = nn.Parameter(torch.zeros(2))
        self.out = nn.Parameter(torch.zeros(H, K))

    def forward(self, x):
        h = x.new_zeros(len(x), H)
        for t in range(x.shape[1]):
            h = torch.tanh(torch.cat([h, x.new_ones(len(x), 1), x[:, t]], 1) @ self.mixed)
        return h @ self.out


class Cut(Scrambled):
    """The same outputs with the gradient cut between steps."""

    def forward(self, x):
        h = x.new_zeros(len(x), H)
        for t in range(x.shape[1]):
            seen = torch.cat([h.detach(), x.new_ones(len(x), 1), x[:, t]], 1)
            h = torch.tanh(seen @ self.mixed)
        return h @ self.out


class Linear(Scrambled):
    def forward(self, x):
        return x.sum(1) @ self.mixed[-D:] @ self.out


def networks(cls):
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(B, T, D)), rng.normal(size=(B, K))
    subject, build = LocalSubject({cls.__name__: cls}), Build(cls.__name__)
    given = student(subject, build, subject.ask(Inspect(build)), (x,), weights)

    def forward(p):
        h = torch.zeros(B, H, dtype=torch.float64)
        for x_t in torch.from_numpy(x).unbind(1):
            h = torch.tanh(x_t @ p["W"].T + h @ p["U"].T + p["b"])
        return h @ p["V"].T

    return given, oracle(SHAPES, forward, weights), rng


def test_a_permutation_is_found_that_makes_both_respond_alike():
    given, wanted, rng = networks(Scrambled)
    order = correspondence(given, wanted, rng)
    assert given.size == wanted.size + 2
    assert sorted(order.tolist()) == [*range(18), *range(20, 26)]
    values = rng.normal(size=given.size)
    assert np.allclose(given.respond(values)[0], wanted.respond(values[order])[0], atol=1e-12)
    # Rows of the student's matrix: H of the state, one bias, D of the input.
    bias = order[15:18]
    assert set(bias) == {9, 10, 11}


@pytest.mark.parametrize("wrong", [Cut, Linear])
def test_other_outputs_or_other_gradients_have_no_correspondence(wrong):
    assert correspondence(*networks(wrong)) is None
