"""Which of a cell's weights can be set on their own?

Near any setting of a student's parameters the cell can change in the directions that its
parameters move it. A weight of the oracle is free if changing it alone is among those directions,
to first order. Weights shared by two gates, missing biases, missing recurrent weights are not.
"""

from collections.abc import Mapping

import numpy as np

from rnn_course.checks.cells.fit import Formula, jacobian
from rnn_course.checks.cells.student import Cell

_STEP = 2e-8  # truncation and rounding both cost about 1e-8 of a derivative
_MISSED = 1e-4


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
