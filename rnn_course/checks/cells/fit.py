"""Polishes a cell's estimated weights until they reproduce what was seen, if they can."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Formula = Callable[..., np.ndarray]

_STEPS = 16
_ENOUGH = 1e-13
_TINY = 1e-30


class Fit(NamedTuple):
    """Weights as rows, and the largest difference that remains; infinite without an estimate."""

    rows: np.ndarray
    residual: float


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def lstm_step(rows: np.ndarray, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> np.ndarray:
    """One LSTM step: rows (…, 4H, D + H + 1), states (B, H) -> (…, B, 2H), hy beside cy."""
    z = np.column_stack([x, h, np.ones(len(x))]) @ np.swapaxes(rows, -1, -2)
    i, f, g, o = np.split(z, 4, -1)
    cy = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return np.concatenate([_sigmoid(o) * np.tanh(cy), cy], -1)


def gru_step(rows: np.ndarray, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """One GRU step: rows (…, 3H, D + H + 2), state (B, H) -> (…, B, H)."""
    size, ones = x.shape[1], np.ones(len(x))
    order = [*range(size), rows.shape[-1] - 2]
    rest = [*range(size, rows.shape[-1] - 2), rows.shape[-1] - 1]
    from_x = np.column_stack([x, ones]) @ np.swapaxes(rows[..., order], -1, -2)
    from_h = np.column_stack([h, ones]) @ np.swapaxes(rows[..., rest], -1, -2)
    (xr, xz, xn), (hr, hz, hn) = np.split(from_x, 3, -1), np.split(from_h, 3, -1)
    z, n = _sigmoid(xz + hz), np.tanh(xn + _sigmoid(xr + hr) * hn)
    return (1 - z) * n + z * h


def jacobian(step: Formula, rows: np.ndarray, data: tuple[np.ndarray, ...]) -> np.ndarray:
    """Differentiate a step by every weight, (outputs, weights), exact to rounding.

    A step of i·10⁻³⁰ has no cancellation (Squire and Trapp 1998).
    """
    moves = 1j * _TINY * np.eye(rows.size).reshape(-1, *rows.shape)
    return step(rows + moves, *data).imag.reshape(rows.size, -1).T / _TINY


def polish(
    step: Formula, rows: np.ndarray, data: tuple[np.ndarray, ...], target: np.ndarray
) -> Fit:
    """Improve weights by damped Gauss-Newton steps (Levenberg 1944, Marquardt 1963).

    Where two weights have the same effect (a GRU's biases in r and z), the shorter step is taken.

    Args:
        step: the family.
        rows: estimates.
        data: the cell's inputs and states.
        target: what it should return, (B, outputs).
    """
    if not (np.isfinite(rows).all() and np.isfinite(target).all()):
        return Fit(rows, float("inf"))
    gap = (target - step(rows, *data)).ravel()
    damping = 1e-6
    for _ in range(_STEPS):
        if np.abs(gap).max() < _ENOUGH or damping > 1e4:
            break
        change = _change(jacobian(step, rows, data), gap, damping).reshape(rows.shape)
        missed = (target - step(rows + change, *data)).ravel()
        better = np.linalg.norm(missed) < np.linalg.norm(gap)
        damping = damping * 1e-3 if better else max(damping, 1e-8) * 100
        if better:
            rows, gap = rows + change, missed
    return Fit(rows, float(np.abs(gap).max()))


def _change(slope: np.ndarray, gap: np.ndarray, damping: float) -> np.ndarray:
    """Solve min |slope d - gap|² + damping |d|², stably."""
    design = np.concatenate([slope, np.sqrt(damping) * np.eye(slope.shape[1])])
    right = np.concatenate([gap, np.zeros(slope.shape[1])])
    return np.linalg.lstsq(design, right, rcond=1e-13)[0]
