"""Which of a cell's weights can be set on their own?

Near any setting of a student's parameters the cell can change in the directions that its
parameters move it. A weight of the oracle is free if changing it alone is among those directions,
to first order. Weights shared by two gates, missing biases, missing recurrent weights are not.

As a rule nothing has to be asked: see `assigned`. What is not settled so is measured: `directions`.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnn_course.checks.cells.fit import Formula, jacobian
from rnn_course.checks.cells.student import Cell

_STEP = 2e-8  # truncation and rounding both cost about 1e-8 of a derivative
_MISSED = 1e-4
_EQUAL = 1e-9  # of weights recovered to 1e-11
_OFFSETS = (0.0, 1.0, -1.0)
_MANY = 100


class Assigned(NamedTuple):
    """Which parameters the weights are.

    Attributes:
        unread: names of parameters that no weight is made of.
        offset: whether a bias is a parameter and a constant.
    """

    unread: list[str]
    offset: bool


def assigned(
    weights: np.ndarray, biases: np.ndarray, parameters: Mapping[str, np.ndarray]
) -> Assigned | None:
    """See from the values alone that every weight is a parameter of its own, and so is free.

    The parameters' values were drawn at random. A weight that is equal to one of them, or to its
    negative, is taken to *be* it. One that depends on them in another way, or not at all, would be
    within 10⁻⁹ of one of n by chance, with a probability below 4 n 10⁻⁹ (the density of their sizes
    is at most 2). A bias may be a sum of two that are left, or either with 1 added or taken away:
    900 values for two biases a gate of three units, hence below 4 · 10⁻⁶; at most 6 · 10⁻⁵.

    Where no parameter is used twice, moving that of a weight moves no other weight: each is free.

    Args:
        weights: those that must be free, whatever their shape.
        biases: of those that meet in one sum, the sum. Zeros where there is none.
        parameters: at which the weights were recovered.

    Returns:
        None where it cannot be seen so.
    """
    values = np.concatenate([np.ravel(value) for value in parameters.values()])
    used = _nearest(np.abs(values), np.abs(weights.ravel()))
    if used is None or len(np.unique(used)) < len(used):
        return None
    left = np.setdiff1d(np.arange(len(values)), used)
    if len(left) > _MANY:
        return None
    found = _biases(values[left], biases)
    if found is None:
        return None
    parts, offset = found
    read = np.zeros(len(values), bool)
    read[[*used, *left[parts]]] = True
    ends = np.cumsum([np.size(value) for value in parameters.values()])[:-1]
    owned = zip(parameters, np.split(read, ends), strict=True)
    return Assigned([name for name, part in owned if part.size and not part.any()], offset)


def _nearest(values: np.ndarray, wanted: np.ndarray) -> np.ndarray | None:
    """Return the index of the value that each wanted one is equal to; None if one has none."""
    if not len(values):
        return None if len(wanted) else np.zeros(0, int)
    order = np.argsort(values)
    place = np.searchsorted(values[order], wanted - _EQUAL).clip(max=len(values) - 1)
    return order[place] if (np.abs(values[order][place] - wanted) < _EQUAL).all() else None


def _biases(values: np.ndarray, biases: np.ndarray) -> tuple[np.ndarray, bool] | None:
    """Find each bias among the values and the sums of two; return which they are made of."""
    first, second = np.triu_indices(len(values), 1)
    single = np.arange(len(values))
    parts = np.stack([np.r_[single, first], np.r_[single, second]], 1)
    sums = np.r_[values, values[first] + values[second]]
    shifted = np.concatenate([sums + by for by in _OFFSETS])
    found = _nearest(np.abs(shifted), np.abs(biases))
    if found is None:
        return None
    chosen = [np.unique(parts[index % len(sums)]) for index in found]
    used = np.concatenate([np.zeros(0, int), *chosen])
    if len(np.unique(used)) < len(used):
        return None
    return used, bool((found >= len(sums)).any())


def directions(
    cell: Cell, parameters: Mapping[str, np.ndarray], rows: tuple[np.ndarray, ...]
) -> np.ndarray:
    """Return how each scalar parameter moves the cell's responses, (outputs, parameters).

    Raises:
        Refused: the cell does not answer.
    """
    settings, moved_last = [dict(parameters)], {}
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
