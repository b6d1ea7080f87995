"""The right answers, from torch's automatic differentiation.

Everything a student derives by hand is here the derivative of a forward pass: no formula of a
backward pass is written down, so none can be wrong. `cell`, `unroll`, `gru_step` and `lstm_step`
take tensors of any floating type on any device; the rest takes a `Problem` and is float64.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from rnn_course.courseworks.cw1_bptt.problem import Model, Problem

Weights = Mapping[str, Tensor]


class Pass(NamedTuple):
    """A forward pass: states and logits of every step, and the summed loss."""

    states: list[np.ndarray]
    logits: list[np.ndarray]
    loss: float


def forward(problem: Problem) -> Pass:
    """Run the network over the whole sequence."""
    _, states, logits, losses = _unrolled(problem, cuts=())
    return Pass(_arrays(states), _arrays(logits), float(sum(_arrays(losses))))


def step_gradients(problem: Problem) -> tuple[Model, np.ndarray]:
    """Differentiate the first step's loss, plus ``sum(dh * h')``, by parameters and state."""
    weights = _leaves(problem.model)
    state = _leaf(problem.state)
    new, logits = cell(torch.tensor(problem.x), state, weights)
    loss = cross_entropy(logits, torch.tensor(problem.labels[0]))
    loss = loss + (torch.tensor(problem.dh) * new).sum()
    *found, dh = torch.autograd.grad(loss, [*weights.values(), state])
    return dict(zip(weights, _arrays(found), strict=True)), dh.numpy()


def gradients(problem: Problem, cuts: Iterable[int] = ()) -> Model:
    """Differentiate the loss, averaged over the steps, by the parameters; nothing is clipped.

    Args:
        problem: network and sequences.
        cuts: steps before which the gradient stops: none flows from step t to step t - 1.
    """
    weights, _, _, losses = _unrolled(problem, tuple(cuts))
    found = torch.autograd.grad(sum(losses) / len(losses), list(weights.values()))
    return dict(zip(weights, _arrays(found), strict=True))


def cell(x: Tensor, h: Tensor, w: Weights) -> tuple[Tensor, Tensor]:
    """Go one step: from input (B, D) and state (B, H) to the new state and logits (B, K)."""
    new = torch.tanh(x @ w["Wxh"] + h @ w["Whh"] + w["bh"])
    return new, new @ w["Why"] + w["by"]


def unroll(
    w: Weights, state: Tensor, xs: Sequence[Tensor], labels: Tensor, cuts: tuple[int, ...] = ()
) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Go through a sequence.

    Args:
        w: parameters by name.
        state: the first (B, H).
        xs: T inputs (B, D).
        labels: (T, B).
        cuts: steps before which the gradient stops.

    Returns:
        States, logits and losses of every step.
    """
    states, logits, losses = [], [], []
    for t, x in enumerate(xs):
        state, scores = cell(x, state.detach() if t in cuts else state, w)
        states.append(state)
        logits.append(scores)
        losses.append(cross_entropy(scores, labels[t]))
    return states, logits, losses


def lstm_step(x: Tensor, h: Tensor, c: Tensor, w: Weights) -> tuple[Tensor, Tensor]:
    """Return the new hidden and cell state (B, H), from torch's own cell."""
    wx, wh, b = (
        torch.cat([w[f"{kind}{gate}"] for gate in "ifgo"], 1) for kind in ("Wx", "Wh", "b")
    )
    return torch.lstm_cell(x, (h, c), wx.T, wh.T, b[0])


def gru_step(x: Tensor, h: Tensor, w: Weights) -> Tensor:
    """Return the new state (B, H); the reset gate acts before the product, so torch has no such."""
    z, r = (torch.sigmoid(x @ w[f"Wx{g}"] + h @ w[f"Wh{g}"] + w[f"b{g}"]) for g in "zr")
    return torch.lerp(torch.tanh(x @ w["Wxh"] + (r * h) @ w["Whh"] + w["bh"]), h, z)


def _unrolled(problem: Problem, cuts: tuple[int, ...], until: int | None = None) -> tuple:
    weights, xs = _leaves(problem.model), [torch.tensor(x) for x in problem.xs[:until]]
    run = unroll(
        weights, torch.tensor(problem.state), xs, torch.from_numpy(problem.labels.copy()), cuts
    )
    return weights, *run


def _leaf(value: np.ndarray) -> Tensor:
    return torch.tensor(value, requires_grad=True)


def _leaves(model: Model) -> dict[str, Tensor]:
    return {name: _leaf(value) for name, value in model.items()}


def _arrays(tensors: Iterable[Tensor]) -> list[np.ndarray]:
    return [tensor.detach().numpy() for tensor in tensors]
