"""Which of a cell's weights can be set on their own?

Near any setting of a student's parameters the cell can change in the directions that its
parameters move it. A weight of the oracle is free if changing it alone is among those directions,
to first order. Weights shared by two gates, missing biases, missing recurrent weights are not.

As a rule nothing has to be asked: see `assigned`. What is not settled so is measured: `directions`.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnn_course.courseworks.cw2_speech_commands.cells.fit import Formula, jacobian
from rnn_course.courseworks.cw2_speech_commands.cells.student import Cell

_STEP = 2e-8  # truncation and rounding both cost about 1e-8 of a derivative
_MISSED = 1e-4
_EQUAL = 1e-9  # of weights recovered to 1e-11
_OFFSETS = (0.0, 1.0, -1.0)
_MANY = 100


class Assigned(NamedTuple):
    """What the weights are made of.

    Attributes:
        share: of each weight, 0 where it can be set on its own, as `missed` has it; then of each
            bias.
        unread: names of parameters that no weight is made of.
        offset: whether a bias is a parameter and a constant.
    """

    share: np.ndarray
    unread: list[str]
    offset: bool


def assigned(
    weights: np.ndarray, biases: np.ndarray, parameters: Mapping[str, np.ndarray]
) -> Assigned | None:
    """See from the values alone which parameter each weight is.

    The parameters' values were drawn at random. A weight that is equal to one of them, or to its
    negative, is taken to *be* it, and one that is zero to be no parameter. One that depends on them
    in another way would be within 10⁻⁹ of one of n by chance, with a probability below 4 n 10⁻⁹
    (the density of their sizes is at most 2). A bias may be a sum of two that are left, or either
    with 1 added or taken away: 900 values for two biases a gate of three units, hence below
    4 · 10⁻⁶; at most 6 · 10⁻⁵.

    Where no parameter is used twice, moving that of a weight moves no other weight: it is free.

    Args:
        weights: (N,).
        biases: (K,); of those that meet in one sum, the sum.
        parameters: at which the weights were recovered.

    Returns:
        None where a weight cannot be told so.
    """
    values = np.concatenate([np.ravel(value) for value in parameters.values()])
    used = _nearest(values, weights)
    if used is None:
        return None
    nothing = np.abs(np.r_[weights, biases]) < _EQUAL
    left = np.setdiff1d(np.arange(len(values)), used[~nothing[: len(weights)]])
    found = _sums(values[left], biases) if len(left) <= _MANY else None
    if found is None:
        return None
    of_biases, offset = found
    moved = np.zeros((len(weights) + len(biases), len(values)))  # of weights, by parameters
    moved[np.arange(len(weights)), used] = np.sign(weights * values[used])
    moved[len(weights) :, left] = of_biases
    moved[nothing] = 0.0
    read = moved.any(0)
    ends = np.cumsum([np.size(value) for value in parameters.values()])[:-1]
    owned = zip(parameters, np.split(read, ends), strict=True)
    unread = [name for name, part in owned if part.size and not part.any()]
    return Assigned(_stuck(moved[:, read]), unread, offset)


def _nearest(values: np.ndarray, wanted: np.ndarray) -> np.ndarray | None:
    """Return the place of the value whose size each wanted one has, any for zero.

    Returns:
        None if one has none.
    """
    if not len(values):
        return None if len(wanted) else np.zeros(0, int)
    order = np.argsort(np.abs(values))
    sizes, wanted = np.abs(values)[order], np.abs(wanted)
    place = np.searchsorted(sizes, wanted - _EQUAL).clip(max=len(values) - 1)
    equal = (np.abs(sizes[place] - wanted) < _EQUAL) | (wanted < _EQUAL)
    return order[place] if equal.all() else None


def _sums(values: np.ndarray, biases: np.ndarray) -> tuple[np.ndarray, bool] | None:
    """Find each bias among the values and their sums of two; tell which are in it, (K, values)."""
    first, second = np.triu_indices(len(values))
    sums = np.where(first == second, values[first], values[first] + values[second])
    shifted = np.concatenate([sums + by for by in _OFFSETS])
    some = np.flatnonzero(np.abs(biases) >= _EQUAL)
    found = _nearest(shifted, biases[some])
    if found is None:
        return None
    parts = np.zeros((len(biases), len(values)))
    for ends in (first, second):
        parts[some, ends[found % max(1, len(sums))]] = np.sign(biases[some] * shifted[found])
    return parts, bool((found >= len(sums)).any())


def _stuck(moved: np.ndarray) -> np.ndarray:
    """Return of each weight the share that no parameter moves alone; moved: (weights, read)."""
    if ((moved != 0).sum(0) == 1).all():
        return np.where(moved.any(1), 0.0, 1.0)
    left, values, _ = np.linalg.svd(moved, full_matrices=False)
    share = 1 - (left[:, values > _EQUAL] ** 2).sum(1)
    return np.where(share > _MISSED, share, 0.0)


def directions(
    cell: Cell, parameters: Mapping[str, np.ndarray], rows: tuple[np.ndarray, ...]
) -> np.ndarray:
    """Return how each scalar parameter moves the cell's responses, (outputs, parameters).

    Raises:
        Refused: the cell does not answer.
    """
    settings = [dict(parameters)]
    moved_last: dict[str, np.ndarray] = {}
    for name, value in parameters.items():
        for index in range(value.size):
            moved = value.copy()
            moved.flat[index] += _STEP
            settings.append({**moved_last, name: moved})  # what is not given keeps its value
            moved_last = {name: value}
    answers = [np.concatenate(a, 1).ravel() for a in cell.respond_each(settings, *rows)]
    return (np.stack(answers[1:], 1) - answers[0][:, None]) / _STEP


def missed(
    moves: np.ndarray, formula: Formula, weights: np.ndarray, rows: tuple[np.ndarray, ...]
) -> np.ndarray:
    """Tell which weights are not free.

    Args:
        moves: of `directions`.
        formula: the family.
        weights: recovered, (G H, columns).
        rows: the same as for `directions`.

    Returns:
        For every weight the share of its effect that no parameter can bring about, (G H, columns);
        0 where it is free, 1 where no parameter does anything like it.
    """
    wanted = jacobian(formula, weights, rows)
    left, values, _ = np.linalg.svd(moves, full_matrices=False)
    basis = left[:, values > 1e-7 * max(values[0], 1e-300)]
    rest = np.linalg.norm(wanted - basis @ (basis.T @ wanted), axis=0)
    share = rest / np.maximum(np.linalg.norm(wanted, axis=0), 1e-12)
    return np.where(share > _MISSED, share, 0.0).reshape(weights.shape)
