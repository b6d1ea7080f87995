"""The backward pass by hand, in parts, so that a mistake can replace one of them.

The oracle differentiates automatically; this is where wrong answers come from.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnn_course.courseworks.cw1_bptt.problem import Model, Problem


def softmax(scores: np.ndarray, axis: int | None = -1) -> np.ndarray:
    """Return probabilities; with an axis that is not the last one, those of a mistake."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@dataclass(frozen=True, eq=False)
class Step:
    """What the backward step sees, and the state it belongs to."""

    x: np.ndarray
    h: np.ndarray
    new: np.ndarray
    scores: np.ndarray
    onehot: np.ndarray
    dh: np.ndarray
    model: Model


@dataclass(frozen=True)
class Rule:
    """A way to go backward through one step, in parts that a mistake can replace.

    Each part is given the step and what was found before; d is the gradient of the scores, n of
    the new state, a of the sum inside tanh.
    """

    d: Callable[[Step], Any] = lambda s: (softmax(s.scores) - s.onehot) / len(s.x)
    n: Callable[[Step, Any], Any] = lambda s, d: d @ s.model["Why"].T + s.dh
    a: Callable[[Step, Any], Any] = lambda s, n: n * (1 - s.new**2)
    wxh: Callable[[Step, Any], Any] = lambda s, a: s.x.T @ a
    whh: Callable[[Step, Any], Any] = lambda s, a: s.h.T @ a
    why: Callable[[Step, Any], Any] = lambda s, d: s.new.T @ d
    bias: Callable[[Any], Any] = lambda g: g.sum(0, keepdims=True)
    back: Callable[[Step, Any, Any, Any], Any] = lambda s, d, n, a: a @ s.model["Whh"].T

    def apply(self, s: Step) -> tuple[Model, np.ndarray]:
        """Return gradients by parameter, and by the old state."""
        d = self.d(s)
        n = self.n(s, d)
        a = self.a(s, n)
        grads = {
            **{"Wxh": self.wxh(s, a), "Whh": self.whh(s, a), "Why": self.why(s, d)},
            **{"bh": self.bias(a), "by": self.bias(d)},
        }
        return grads, self.back(s, d, n, a)


RIGHT = Rule()


def steps_of(p: Problem) -> list[Step]:
    """Return what each step sees, with nothing flowing in yet."""
    steps, old, eye = [], p.state, np.eye(p.model["by"].shape[1])
    for x, labels in zip(p.xs, p.labels, strict=True):
        new = np.tanh(x @ p.model["Wxh"] + old @ p.model["Whh"] + p.model["bh"])
        scores = new @ p.model["Why"] + p.model["by"]
        steps.append(Step(x, old, new, scores, eye[labels], np.zeros_like(old), p.model))
        old = new
    return steps


def step_of(p: Problem) -> Step:
    """Return what the first step of a problem sees on its way back."""
    return replace(steps_of(replace(p, xs=p.xs[:1], labels=p.labels[:1]))[0], dh=p.dh)


def walk(
    steps: list[Step],
    order: list[int],
    carry: bool = True,
    change: Callable[[np.ndarray], np.ndarray] = lambda g: g,
    rule: Rule = RIGHT,
) -> list[Model]:
    """Go through steps in an order, handing the flow on; return each visited step's gradients.

    Args:
        steps: of the whole sequence.
        order: which steps, in which order.
        carry: whether the flow is handed on.
        change: applied to each step's gradients and to the flow.
        rule: how to go back through one step.
    """
    found, flow = [], np.zeros_like(steps[0].h)
    for t in order:
        at = steps[t]
        grads, back = rule.apply(Step(at.x, at.h, at.new, at.scores, at.onehot, flow, at.model))
        found.append({name: change(g) for name, g in grads.items()})
        flow = change(back) if carry else flow
    return found


def total(found: list[Model], factor: float) -> Model:
    """Add gradients up, times a factor."""
    return {name: factor * sum(grads[name] for grads in found) for name in found[0]}
