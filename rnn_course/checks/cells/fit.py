"""Polishes a cell's estimated weights until they reproduce what was seen, if they can."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch.func import jacfwd

Cell = Callable[..., torch.Tensor]

_STEPS = 16
_ENOUGH = 1e-13


class Fit(NamedTuple):
    """Weights as rows, and the largest difference that remains; infinite without an estimate."""

    rows: np.ndarray
    residual: float


def lstm_cell(
    rows: torch.Tensor, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor
) -> torch.Tensor:
    """One LSTM step: rows (4H, D + H + 1), states (B, H) -> (B, 2H), hy beside cy."""
    s = torch.cat([x, h], 1)
    i, f, g, o = (s @ rows[:, :-1].T + rows[:, -1]).chunk(4, 1)
    cy = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return torch.cat([o.sigmoid() * cy.tanh(), cy], 1)


def gru_cell(rows: torch.Tensor, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """One GRU step: rows (3H, D + H + 2), state (B, H) -> (B, H)."""
    size = x.shape[1]
    w, u, b, k = rows[:, :size], rows[:, size:-2], rows[:, -2], rows[:, -1]
    xr, xz, xn = (x @ w.T + b).chunk(3, 1)
    hr, hz, hn = (h @ u.T + k).chunk(3, 1)
    z, n = (xz + hz).sigmoid(), (xn + (xr + hr).sigmoid() * hn).tanh()
    return (1 - z) * n + z * h


def polish(cell: Cell, rows: np.ndarray, data: tuple[np.ndarray, ...], target: np.ndarray) -> Fit:
    """Improve weights by damped Gauss-Newton steps (Levenberg 1944, Marquardt 1963).

    Weights that make no difference (a GRU's second bias in r and z) stay as they are.

    Args:
        cell: the family, differentiable in its rows.
        rows: estimates.
        data: the cell's inputs and states.
        target: what it should return, (B, outputs).
    """
    if not (np.isfinite(rows).all() and np.isfinite(target).all()):
        return Fit(rows, float("inf"))
    tensors = tuple(map(torch.tensor, data))
    goal, current = torch.tensor(target), torch.tensor(rows)
    jacobian = jacfwd(lambda w: cell(w, *tensors).flatten())
    gap = (goal - cell(current, *tensors)).flatten()
    damping = 1e-6
    for _ in range(_STEPS):
        if float(gap.abs().max()) < _ENOUGH or damping > 1e6:
            break
        slope = jacobian(current).reshape(len(gap), -1)
        step = _step(slope, gap, damping).reshape(current.shape)
        missed = (goal - cell(current + step, *tensors)).flatten()
        better = bool(missed.norm() < gap.norm())
        damping = damping * 1e-2 if better else max(damping, 1e-10) * 30
        if better:
            current, gap = current + step, missed
    return Fit(current.numpy(), float(gap.abs().max()))


def _step(slope: torch.Tensor, gap: torch.Tensor, damping: float) -> torch.Tensor:
    """Solve min |slope d - gap|² + damping |d|², stably."""
    eye = torch.eye(slope.shape[1], dtype=slope.dtype) * damping**0.5
    design = torch.cat([slope, eye])
    right = torch.cat([gap, torch.zeros(slope.shape[1], dtype=gap.dtype)])
    return torch.linalg.lstsq(design, right[:, None], driver="gelsd").solution[:, 0]
