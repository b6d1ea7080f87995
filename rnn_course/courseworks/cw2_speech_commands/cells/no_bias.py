"""Judges what a cell does without biases."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_course.checks.generic import Finding, difference, explain_error
from rnn_course.checks.values import Raised
from rnn_course.courseworks.cw2_speech_commands.cells.habits import known
from rnn_course.courseworks.cw2_speech_commands.cells.recover import Weights
from rnn_course.courseworks.cw2_speech_commands.cells.student import Cell, Refused, drawn

Recover = Callable[..., Weights]
_SAME = 1e-10
_EXACT, _NO_BIAS = 1e-10, 1e-3


def without_bias(
    asked: Cell, rng_of: Callable[..., np.random.Generator], size: float, recover: Recover | None
) -> Finding | None:
    """Judge bias=False; an LSTM's old cell states are of a size that may show in the gates.

    Where the cell's weights can be recovered, no bias may be among them, be it a constant.

    Args:
        asked: the cell.
        rng_of: gives the generator for a purpose.
        size: of an LSTM's old cell states; zero where its gates may read them.
        recover: see `recover`; None where the cell is not of the family.
    """
    if asked.bias is None:
        return None
    cell = asked.but(bias=False)
    anatomy: Any = cell.anatomy()
    if isinstance(anatomy, Raised):
        return Finding(f"With bias=False: {explain_error(anatomy).message}")
    rng = rng_of("without bias")
    c = size * rng.normal(size=(5, cell.hidden))
    draws = [drawn(anatomy, rng) for _ in range(2)]
    found = _not_silent(cell, draws, c)
    if recover is None or found or cell.alone:
        return found
    most = None
    for index, draw in enumerate(draws):
        constant = _constant(cell, draw, recover, rng_of("bare", index))
        if constant is not None and constant < _NO_BIAS:
            return None
        most = constant or most
    if most is None:
        return None
    text = f"With bias=False a gate's sum is {most:.3g} where input and state are zero."
    return known("constant_in_gate", text)


def _constant(cell: Cell, draw: dict, recover: Recover, rng: np.random.Generator) -> float | None:
    """Return the largest bias among a cell's recovered weights; None if it is no such cell."""
    weights = recover(lambda *rows: cell.respond(draw, *rows), cell.inputs, cell.hidden, rng)
    unread = cell.states == 1 and np.abs(weights.hidden[-cell.hidden :]).max() < _NO_BIAS
    if unread or not weights.residual < _EXACT:  # of a GRU, the reset gate does not show
        return None
    return float(np.abs(weights.rows[:, cell.size :]).max())


def _not_silent(cell: Cell, draws: list[dict], c: np.ndarray) -> Finding | None:
    """With bias=False, nothing may depend on the parameters where input and state are zero.

    Args:
        cell: built with bias=False.
        draws: values of its parameters.
        c: an LSTM's old cell states (B, H), zero unless its gates are known not to read them.
    """
    x, h = np.zeros((len(c), cell.inputs)), np.zeros(c.shape)
    rows = (x, h, c) if cell.states == 2 else (x, h)
    try:
        a, b = cell.respond_each(draws, *rows)
    except Refused as refused:
        if refused.outcome.error:
            return Finding(f"With bias=False: {explain_error(refused.outcome.error)[0]}")
        return Finding("With bias=False the result has another form.")
    gap = max(difference(p, q) for p, q in zip(a, b, strict=True))
    if gap < _SAME:
        return None
    text = f"Two settings of the weights differ by {gap:.3g} at zero input and state."
    return known("bias_ignored", f"With bias=False: {text}")
