"""Polishes a cell's estimated weights until they reproduce what was seen, if they can."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Formula = Callable[..., np.ndarray]

_STEPS = 16
_PATIENCE = 6
_HOPELESS = 1e-2  # after so many steps: a right cell's estimates are good to some digits
_ENOUGH = 1e-13
_TINY = 1e-30
_LEAST = 1e-15  # damping; it keeps equal effects apart


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


def unit_jacobians(step: Formula, rows: np.ndarray, data: tuple[np.ndarray, ...]) -> np.ndarray:
    """Differentiate each unit's results by its own weights; in one step others have no effect.

    A weight's effect is that of the bias beside it times what it weighs, so only biases are moved,
    those of all units at once: a step of i·10⁻³⁰ has no cancellation (Squire and Trapp 1998).

    Returns:
        (H, B results, G (D + H + biases)), results a unit in order of rows, gates outermost.
    """
    (x, h), (count, columns) = data[:2], rows.shape
    hidden, size = h.shape[1], x.shape[1] + h.shape[1]
    gates, biases = count // hidden, columns - size
    moves = np.zeros((gates, biases, gates, hidden, columns))
    for gate in range(gates):
        for bias in range(biases):
            moves[gate, bias, gate, :, size + bias] = _TINY
    moved = step(rows + 1j * moves.reshape(gates, biases, *rows.shape), *data).imag / _TINY
    moved = moved.reshape(gates, biases, len(x), -1, hidden)
    beside = [0] * x.shape[1] + [biases - 1] * hidden + list(range(biases))
    weighed = np.column_stack([x, h, np.ones((len(x), biases))])
    slopes = moved[:, beside] * weighed.T[:, :, None, None]
    return slopes.transpose(4, 2, 3, 0, 1).reshape(hidden, -1, gates * columns)


def jacobian(step: Formula, rows: np.ndarray, data: tuple[np.ndarray, ...]) -> np.ndarray:
    """Differentiate a step by every weight, (results, weights), exact to rounding."""
    hidden = data[1].shape[1]
    own = unit_jacobians(step, rows, data).reshape(hidden, -1, len(rows) // hidden, rows.shape[1])
    full = np.zeros((own.shape[1], hidden, own.shape[2], hidden, own.shape[3]))
    for unit in range(hidden):
        full[:, unit, :, unit] = own[unit]
    return full.reshape(-1, rows.size)


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
    gap = target - step(rows, *data)
    damping = 1e-6
    for tried in range(_STEPS):
        off = np.abs(gap).max()
        hopeless = damping > 1e4 or (tried >= _PATIENCE and off > _HOPELESS)
        if off < _ENOUGH or hopeless:
            break
        moved = rows + _change(unit_jacobians(step, rows, data), gap, damping, rows.shape)
        missed = target - step(moved, *data)
        better = np.linalg.norm(missed) < np.linalg.norm(gap)
        damping = max(damping * 1e-3, _LEAST) if better else max(damping, 1e-8) * 100
        if better:
            rows, gap = moved, missed
    return Fit(rows, float(np.abs(gap).max()))


def _change(
    slopes: np.ndarray, gap: np.ndarray, damping: float, shape: tuple[int, ...]
) -> np.ndarray:
    """Solve min |slope d - gap|² + damping |d|², stably, unit by unit; d in the rows' shape."""
    hidden, _, weights = slopes.shape
    damp = np.broadcast_to(np.sqrt(damping) * np.eye(weights), (hidden, weights, weights))
    own = gap.reshape(len(gap), -1, hidden).transpose(2, 0, 1).reshape(hidden, -1, 1)
    right = np.concatenate([own, np.zeros((hidden, weights, 1))], 1)
    q, r = np.linalg.qr(np.concatenate([slopes, damp], 1))
    change = np.linalg.solve(r, q.swapaxes(1, 2) @ right)
    return change.reshape(hidden, -1, shape[1]).swapaxes(0, 1).reshape(shape)
