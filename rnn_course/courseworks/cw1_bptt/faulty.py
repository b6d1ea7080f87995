"""Gradients with a fault in them, on which a student's gradient check is tried."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from rnn_course.courseworks.cw1_bptt.problem import Model, Problem
from rnn_course.courseworks.cw1_bptt.rule import RIGHT, Rule, softmax, steps_of, total, walk

_NO_SLOPE = replace(RIGHT, a=lambda s, n: n)
_FIRST_ROW = replace(RIGHT, bias=lambda g: g[:1])


class RnnGradients:
    """Behaves as `bptt` does, with a fault; handed to a student's check as ``backward``.

    Args:
        fault: see `spoil`.

    Attributes:
        calls: how often it was called.
    """

    def __init__(self, fault: str) -> None:
        self.fault, self.calls = fault, 0

    def __call__(
        self, model: Model, X_train: Any, y_train: Any, initial_state: Any, **ignored: Any
    ) -> tuple[Model, float, np.ndarray]:
        """Return (grads, loss, last_state) as `bptt` does."""
        self.calls += 1
        xs, state = [np.asarray(x) for x in X_train], np.asarray(initial_state)
        labels = np.asarray(y_train).reshape(len(xs), -1)
        labels = np.broadcast_to(labels, (len(xs), len(xs[0])))
        problem = Problem(dict(model), xs, labels.copy(), state, np.zeros_like(state))
        steps = steps_of(problem)
        chances = [(softmax(step.scores) * step.onehot).sum(1) for step in steps]
        loss = -float(np.mean(np.log(chances)))
        return spoil(problem, self.fault), loss, steps[-1].new


def spoil(problem: Problem, fault: str) -> Model:
    """Return the gradients of a problem with a fault in them.

    Args:
        problem: network and sequences.
        fault: one of `FAULTS`; ``only:NAME`` for a parameter whose gradient is 10 % too large;
            ``entry:NAME:INDEX:FACTOR`` for one number that is multiplied; or
            ``added:NAME:INDEX:AMOUNT`` for one to which something is added.
    """
    grads = _walked(RIGHT)(problem, {})
    kind, _, rest = fault.partition(":")
    if kind == "only":
        grads[rest] *= 1.1
    elif kind == "entry":
        name, index, factor = rest.split(":")
        grads[name].flat[int(index)] *= float(factor)
    elif kind == "added":
        name, index, amount = rest.split(":")
        grads[name].flat[int(index)] += float(amount)
    else:
        grads = FAULTS[fault](problem, grads)
    return grads


def _scaled(factor: float) -> Callable[[Problem, Model], Model]:
    return lambda problem, grads: {name: factor * g for name, g in grads.items()}


def _walked(rule: Rule, steps: int | None = None, carry: bool = True) -> Callable:
    def go(problem: Problem, grads: Model) -> Model:
        T = len(problem.xs)
        found = walk(steps_of(problem), list(range(T))[::-1][:steps], carry, rule=rule)
        return total(found, 1 / T)

    return go


def _zero_entry(problem: Problem, grads: Model) -> Model:
    """Set one number of Whh to zero, of middling size: no other number gives it away."""
    order = np.argsort(np.abs(grads["Whh"]), axis=None)
    grads["Whh"].flat[order[len(order) // 2]] = 0.0
    return grads


def _one_entry(problem: Problem, grads: Model) -> Model:
    """Halve the very last number of Why, which a check that samples does not look at."""
    grads["Why"][-1, -1] *= 0.5
    return grads


def _smallest(factor: float) -> Callable[[Problem, Model], Model]:
    """Spoil the smallest number of Wxh a little: a mean or a norm does not show it."""

    def go(problem: Problem, grads: Model) -> Model:
        grads["Wxh"].flat[np.abs(grads["Wxh"]).argmin()] *= factor
        return grads

    return go


def _transposed(problem: Problem, grads: Model) -> Model:
    return {**grads, "Whh": grads["Whh"].T.copy()}


FAULTS: dict[str, Callable[[Problem, Model], Model]] = {
    "right": lambda problem, grads: grads,
    "no_flow": _walked(RIGHT, carry=False),
    "no_slope": _walked(_NO_SLOPE),
    "last_step": _walked(RIGHT, steps=1),
    "sign": _scaled(-1.0),
    "scaled": _scaled(1.02),
    "shrunk": _scaled(0.98),
    "slightly": _scaled(1.005),
    "halved": _scaled(0.5),
    "doubled": _scaled(2.0),
    "summed": lambda problem, grads: _scaled(len(problem.xs))(problem, grads),
    "zero_entry": _zero_entry,
    "one_entry": _one_entry,
    "raised": _smallest(1.04),
    "lowered": _smallest(0.96),
    "transposed": _transposed,
    "first_row": _walked(_FIRST_ROW),
}
