"""The right answers, from torch's automatic differentiation in float64.

Everything a student derives by hand is here the derivative of a forward pass: no formula of a
backward pass is written down, so none can be wrong.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from rnn_course.checks.bptt.problem import Model, Problem


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
    new, logits = _cell(torch.tensor(problem.x), state, weights)
    loss = _loss(logits, problem.labels[0]) + (torch.tensor(problem.dh) * new).sum()
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


def windowed_gradients(problem: Problem, steps: int) -> Model:
    """Differentiate the same loss when every step's own loss reaches back that many steps."""
    total = {name: np.zeros_like(value) for name, value in problem.model.items()}
    for t in range(len(problem.xs)):
        weights, _, _, losses = _unrolled(problem, (t - steps + 1,), until=t + 1)
        found = torch.autograd.grad(losses[-1] / len(problem.xs), list(weights.values()))
        for name, part in zip(weights, found, strict=True):
            total[name] += part.numpy()
    return total


def _unrolled(problem: Problem, cuts: tuple[int, ...], until: int | None = None) -> tuple:
    weights, state = _leaves(problem.model), torch.tensor(problem.state)
    states, logits, losses = [], [], []
    for t, (x, labels) in enumerate(zip(problem.xs[:until], problem.labels, strict=False)):
        state, scores = _cell(torch.tensor(x), state.detach() if t in cuts else state, weights)
        states.append(state)
        logits.append(scores)
        losses.append(_loss(scores, labels))
    return weights, states, logits, losses


def _cell(x: torch.Tensor, h: torch.Tensor, w: dict[str, torch.Tensor]) -> tuple:
    new = torch.tanh(x @ w["Wxh"] + h @ w["Whh"] + w["bh"])
    return new, new @ w["Why"] + w["by"]


def _loss(logits: torch.Tensor, labels: np.ndarray) -> torch.Tensor:
    return cross_entropy(logits, torch.tensor(labels))


def _leaf(value: np.ndarray) -> torch.Tensor:
    return torch.tensor(value, requires_grad=True)


def _leaves(model: Model) -> dict[str, torch.Tensor]:
    return {name: _leaf(value) for name, value in model.items()}


def _arrays(tensors: Iterable[torch.Tensor]) -> list[np.ndarray]:
    return [tensor.detach().numpy() for tensor in tensors]
