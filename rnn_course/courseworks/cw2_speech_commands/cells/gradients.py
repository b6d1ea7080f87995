"""Compares a cell's gradients with differences of its own results."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from rnn_course.checks.generic import Finding, explain_error
from rnn_course.checks.requests import Outcome, Pass
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw2_speech_commands.cells.habits import known
from rnn_course.courseworks.cw2_speech_commands.cells.student import Cell

_STEP = 1e-4
_SMALL_STEP = 2e-6  # of central differences: truncation and rounding both stay below 1e-8
_AGREES = 1e-7
_GROSS = 1e-3  # no bend explains it


def gradients(
    cell: Cell, draws: Sequence[dict[str, np.ndarray]], rng: np.random.Generator
) -> Finding | None:
    """Compare gradients through three steps with differences of the cell's own results.

    First along one random direction of everything together: wrong derivatives cancel there with
    probability zero. Where it disagrees the input, the states and the parameters are moved one by
    one, with differences of fourth order (Richardson 1911), to see which it is. Where they disagree
    too, another setting of the parameters is tried: at one a reparametrised cell may bend too
    sharply for differences.
    """
    steps = rng.normal(size=(3, 4, cell.inputs))
    states, cotangents = rng.normal(size=(2, cell.states, 4, cell.hidden))
    finding = None
    for draw in draws:
        point = {"the input": steps, "h": states[0], "parameters": draw}
        if cell.states == 2:
            point["c"] = states[1]
        moves = {what: _random_move(value, rng) for what, value in point.items()}
        gap = _gap_in_all(cell, point, moves, list(cotangents))
        if gap <= _AGREES:
            return None
        if finding is None or gap < _GROSS:
            finding = _disagreement(cell, point, moves, list(cotangents))
        if finding is None:
            return None
    return finding


def _gap_in_all(cell: Cell, point: dict, moves: dict, cotangents: list[np.ndarray]) -> float:
    """Return how far the derivative along all moves is from the difference, infinite for none."""
    cases = [_unrolled(cell, point, cotangents)]
    for size in (_SMALL_STEP, -_SMALL_STEP):
        moved = {what: _moved(value, moves[what], size) for what, value in point.items()}
        cases.append(_unrolled(cell, moved, None))
    first, *others = cell.ask(cases)
    ahead, behind = (_weighted(cell, outcome, cotangents) for outcome in others)
    if first.error or ahead is None or behind is None:
        return np.inf
    came = sum(_along(first.gradients, what, move) for what, move in moves.items())
    return _gap(came, (ahead - behind) / (2 * _SMALL_STEP))


def _gap(came: float, wanted: float) -> float:
    """Return a difference, relative above 1; infinite if there is none."""
    gap = abs(came - wanted) / max(1.0, abs(wanted))
    return gap if np.isfinite(gap) else np.inf


def _disagreement(
    cell: Cell, point: dict, moves: dict, cotangents: list[np.ndarray]
) -> Finding | None:
    cases = [_unrolled(cell, point, cotangents)]
    for what, size in product(point, (_STEP, -_STEP, 2 * _STEP, -2 * _STEP)):
        moved = {**point, what: _moved(point[what], moves[what], size)}
        cases.append(_unrolled(cell, moved, None))
    first, *others = cell.ask(cases)
    if first.error:
        return explain_error(first.error)
    weighted = [_weighted(cell, outcome, cotangents) for outcome in others]
    sums = [number for number in weighted if number is not None]
    if len(sums) < len(weighted):
        return Finding("The result is no state for a next step.")
    for index, what in enumerate(point):
        a, b, c, d = sums[4 * index : 4 * index + 4]
        wanted = (8 * (a - b) - (c - d)) / (12 * _STEP)
        came = _along(first.gradients, what, moves[what])
        if _gap(came, wanted) > _AGREES:
            still = _without_gradient(first.gradients, what)
            if still:
                return known("frozen_parameter", f"No gradient reaches {', '.join(still[:4])}.")
            text = f"The derivative by {what} along a random direction through three steps"
            return known("gradient_cut", f"{text} is {came:.6g}; differences give {wanted:.6g}.")
    return None


def _without_gradient(found: Any, what: str) -> list[str]:
    named = found["parameters"].items() if what == "parameters" else ()
    return [f"the parameter {name}" for name, gradient in named if gradient is None]


def _random_move(value: Any, rng: np.random.Generator) -> Any:
    if isinstance(value, dict):
        return {name: rng.normal(size=v.shape) for name, v in value.items()}
    return rng.normal(size=value.shape)


def _moved(value: Any, move: Any, size: float) -> Any:
    if isinstance(value, dict):
        return {name: v + size * move[name] for name, v in value.items()}
    return value + size * move


def _unrolled(cell: Cell, point: dict, cotangents: list | None) -> Pass:
    states = [point[name] for name in ("h", "c") if name in point]
    wanted = None
    if cotangents is not None:
        wanted = tuple(cotangents) if cell.states == 2 else cotangents[0]
    inputs = cell.given(point["the input"], *states)
    return Pass(inputs, parameters=point["parameters"], unroll=True, cotangents=wanted)


def _weighted(cell: Cell, outcome: Outcome, cotangents: list[np.ndarray]) -> float | None:
    if outcome.error or not isinstance(outcome.value, list):
        return None
    last = outcome.value[-1]
    states = [plain(part) for part in last] if cell.states == 2 else [plain(last)]
    try:
        return float(sum((s * w).sum() for s, w in zip(states, cotangents, strict=True)))
    except (TypeError, ValueError):
        return None


def _along(found: Any, what: str, move: Any) -> float:
    """Return the derivative along a move; a gradient that is None counts as zero."""
    if what == "parameters":
        gradient = found["parameters"]
        return sum(
            float((gradient[name] * m).sum())
            for name, m in move.items()
            if gradient[name] is not None
        )
    x, states = found["inputs"]
    if what == "the input":
        gradient = x
    else:
        gradient = states["hc".index(what)] if isinstance(states, tuple) else states
    return 0.0 if gradient is None else float((gradient * move).sum())
