"""References of coursework 1: one step, a sequence, the way back, and gated steps, in NumPy.

The published output is that of a practical that this coursework follows: with its seed and its
recipe the last state is known to 2e-8.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from rnn_course.checks.requests import Call
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.problem import draw
from rnn_course.courseworks.recipes.recipe import (
    Arrays,
    Recipe,
    Tensors,
    given_under,
    labelled,
    results,
)
from rnn_course.seeding import numpy_generator

NAME = "cw1_bptt"
PUBLISHED = (0.19868001, 0.98286478, 0.76491549, -0.91578737)


def _sequence(question: str, **factors: float) -> Callable[[int], Arrays]:
    """Draw a network with some parameters scaled, a batch, and a gradient from the future."""

    def drawn(seed: int) -> Arrays:
        problem = draw(numpy_generator(seed, question), B=3, T=5, D=4, H=5, K=3)
        problem = problem.scaled(**factors)
        inputs = {"x": np.stack(problem.xs), "labels": problem.labels}
        inputs |= {"state": problem.state, "dh": problem.dh}
        return {**labelled("input", inputs), **labelled("parameter", problem.model)}

    return drawn


def _published(seed: int) -> Arrays:
    rng, (d, h, c) = np.random.RandomState(seed), (8, 4, 2)
    model = {
        "Wxh": rng.randn(d, h) / np.sqrt(d / 2),
        "Whh": rng.randn(h, h) / np.sqrt(h / 2),
        "Why": rng.randn(h, d) / np.sqrt(c / 2),
        "bh": np.zeros((1, h)),
        "by": np.zeros((1, d)),
    }
    inputs = {"x": rng.randn(5, 1, d), "labels": np.zeros((5, 1), int), "state": np.zeros((1, h))}
    return {**labelled("input", inputs), **labelled("parameter", model)}


def _gated(question: str, gates: str) -> Callable[[int], Arrays]:
    def drawn(seed: int) -> Arrays:
        rng = numpy_generator(seed, question)
        inputs = {name: rng.normal(0, 0.5, (3, 5 if name in "hc" else 4)) for name in "xhc"}
        shapes = {f"{kind}{g}": shape for g in gates for kind, shape in _GATE.items()}
        weights = {name: rng.normal(0, 0.5, shape) for name, shape in shapes.items()}
        return {**labelled("input", inputs), **labelled("parameter", weights)}

    return drawn


_GATE = {"Wx": (4, 5), "Wh": (5, 5), "b": (1, 5)}


# What torch makes of it


def _step(a: Tensors) -> Tensors:
    h, y = oracle.cell(a["input/x"][0], a["input/state"], given_under("parameter", a))
    return {"output/y": y, "output/h": h, "output/probabilities": y.softmax(1)}


def _unrolled(a: Mapping[str, Tensor], weights: Tensors) -> tuple[list[Tensor], ...]:
    return oracle.unroll(weights, a["input/state"], a["input/x"].unbind(), a["input/labels"])


def _forward(a: Tensors) -> Tensors:
    states, logits, losses = _unrolled(a, given_under("parameter", a))
    return {
        "output/h": states[-1],
        "output/ys": torch.stack(logits),
        "output/loss": torch.stack(losses).sum(),
    }


def _leaves(a: Tensors) -> Tensors:
    return {name: w.detach().requires_grad_() for name, w in given_under("parameter", a).items()}


def _back(a: Tensors) -> Tensors:
    weights, state = _leaves(a), a["input/state"].detach().requires_grad_()
    new, logits = oracle.cell(a["input/x"][0], state, weights)
    loss = cross_entropy(logits, a["input/labels"][0]) + (a["input/dh"] * new).sum()
    *found, dh = torch.autograd.grad(loss, [*weights.values(), state])
    return {"output/dh": dh, **labelled("gradient", dict(zip(weights, found, strict=True)))}


def _through_time(a: Tensors) -> Tensors:
    weights = _leaves(a)
    states, _, losses = _unrolled(a, weights)
    loss = torch.stack(losses).mean()
    found = torch.autograd.grad(loss, list(weights.values()))
    clipped = {name: g.clamp(-5, 5) for name, g in zip(weights, found, strict=True)}
    return {"output/loss": loss, "output/h": states[-1], **labelled("gradient", clipped)}


def _gru(a: Tensors) -> Tensors:
    new = oracle.gru_step(a["input/x"], a["input/h"], given_under("parameter", a))
    return {"output/h": new}


def _lstm(a: Tensors) -> Tensors:
    states = a["input/x"], a["input/h"], a["input/c"]
    return labelled(
        "output",
        dict(zip("hc", oracle.lstm_step(*states, given_under("parameter", a)), strict=True)),
    )


# What the model answer makes of it


def _ask_step(subject: Subject, a: Arrays) -> Arrays:
    given = a["input/x"][0], a["input/state"], given_under("parameter", a)
    trained, tested = results(
        subject, Call("cell_fn_forward", given), Call("cell_fn_forward", (*given, False))
    )
    return {"output/y": trained[0], "output/h": trained[1], "output/probabilities": tested[0]}


def _ask_forward(subject: Subject, a: Arrays) -> Arrays:
    arguments = list(a["input/x"]), a["input/labels"], given_under("parameter", a), a["input/state"]
    ((h, ys, _, loss),) = results(subject, Call("rnn_forward", arguments, {"verbose": False}))
    return {"output/h": h, "output/ys": np.stack(ys), "output/loss": np.asarray(loss)}


def _ask_back(subject: Subject, a: Arrays) -> Arrays:
    given = a["input/x"][0], a["input/state"], given_under("parameter", a)
    back = Ref(0, (0,)), a["input/labels"][0], a["input/dh"], Ref(0, (2,))
    steps = Call("cell_fn_forward", given, keep=True), Call("cell_fn_backward", back)
    _, (grads, dh) = results(subject, *steps)
    return {"output/dh": dh, **labelled("gradient", grads)}


def _ask_through_time(subject: Subject, a: Arrays) -> Arrays:
    arguments = given_under("parameter", a), list(a["input/x"]), a["input/labels"], a["input/state"]
    ((grads, loss, h),) = results(subject, Call("bptt", arguments))
    return {"output/loss": np.asarray(loss), "output/h": h, **labelled("gradient", grads)}


def _ask_gru(subject: Subject, a: Arrays) -> Arrays:
    arguments = a["input/x"], a["input/h"], given_under("parameter", a)
    return {"output/h": results(subject, Call("gru_step", arguments))[0]}


def _ask_lstm(subject: Subject, a: Arrays) -> Arrays:
    arguments = a["input/x"], a["input/h"], a["input/c"], given_under("parameter", a)
    ((h, c),) = results(subject, Call("lstm_step", arguments))
    return {"output/h": h, "output/c": c}


def _recipe(question: str, case: str, oracle: Any, answer: Any, **more: Any) -> Recipe:
    usual = {"calls": question, "draw": _sequence(question), "oracle": oracle, "answer": answer}
    return Recipe(NAME, question, case, **{**usual, **more})


_HIGH = {"draw": _sequence("bptt", Why=10.0), "seed": 3}  # a draw with gradients above 5
_PRACTICAL = {"draw": _published, "seed": 1234}
_ZRH, _IFOG = _gated("gru", "zrh"), _gated("lstm", "ifog")
RECIPES = (
    _recipe("cell_fn_forward", "step", _step, _ask_step),
    _recipe("rnn_forward", "sequence", _forward, _ask_forward),
    _recipe("rnn_forward", "published", _forward, _ask_forward, **_PRACTICAL),
    _recipe("cell_fn_backward", "step", _back, _ask_back),
    _recipe("bptt", "sequence", _through_time, _ask_through_time),
    _recipe("bptt", "clipped", _through_time, _ask_through_time, **_HIGH),
    _recipe("gates", "gru", _gru, _ask_gru, calls="gru_step", draw=_ZRH),
    _recipe("gates", "lstm", _lstm, _ask_lstm, calls="lstm_step", draw=_IFOG),
)
