"""Where to probe a cell, and how to read a gate off what comes back.

A gate's value is sigmoid (or tanh) of an affine function of s = (x, h); `rows` of weights below
are (units, D + H + 1), the bias last.
"""

import numpy as np

_FLAT = 1e-6
_LENGTHS = 2.0 ** np.arange(1, 8)


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), with full relative precision in the lower tail."""
    return 1 / (1 + np.exp(-z))


def logit(p: np.ndarray) -> np.ndarray:
    """Invert the sigmoid; NaN outside (0, 1)."""
    return np.log(p) - np.log1p(-p)


def simplex(size: int) -> np.ndarray:
    """Return zero and the unit vectors, (size + 1, size)."""
    return np.concatenate([np.zeros((1, size)), np.eye(size)])


def split(s: np.ndarray, inputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Return x and h of s = (x, h)."""
    return s[:, :inputs], s[:, inputs:]


def at(rows: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Evaluate affine functions: (units, S + 1) at (N, S) gives (N, units)."""
    return points @ rows[:, :-1].T + rows[:, -1]


def affine(points: np.ndarray, values: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Fit affine functions to values (N, units) at points (N, S); NaN counts for nothing.

    Args:
        points: where.
        values: what was found there.
        weight: how far each value is to be trusted, (N, units).

    Returns:
        Rows (units, S + 1); NaN for a unit with too few usable values.
    """
    design = np.column_stack([points, np.ones(len(points))])
    fitted = np.full((values.shape[1], design.shape[1]), np.nan)
    for unit, column in enumerate(values.T):
        good = np.isfinite(column)
        trust = np.ones(len(column)) if weight is None else weight[:, unit]
        good &= np.isfinite(trust) & (trust > 0)
        if good.sum() >= design.shape[1]:
            scale = trust[good]
            left, right = design[good] * scale[:, None], column[good] * scale
            fitted[unit] = np.linalg.lstsq(left, right, rcond=None)[0]
    return fitted


class Tail:
    """Far points in many directions and distances, then a simplex around the best for each unit.

    Far out, one factor of a product is saturated at ±1, so that the other shows alone. In which
    directions and distances this is so is seen from the response: the logit grows linearly.

    Args:
        moving: the first so many coordinates go far; the others stay near.
        size: number of coordinates.
        count: how many directions.
        rng: draws the directions.
    """

    def __init__(self, moving: int, size: int, count: int, rng: np.random.Generator) -> None:
        directions = np.zeros((count, 1, size))
        directions[:, 0, :moving] = rng.normal(size=(count, moving))
        self._centres = directions * _LENGTHS[:, None]
        self.rows = self._centres.reshape(-1, size)

    def around(self, logits: np.ndarray) -> np.ndarray:
        """Choose a place for each unit; return a simplex around each, (units, size + 1, size).

        Args:
            logits: what was seen at `rows`, (rows, units).
        """
        logits = logits.reshape(*self._centres.shape[:2], -1)
        places = [self._centres[self._best(unit)] for unit in np.moveaxis(logits, -1, 0)]
        return np.array(places)[:, None] + simplex(self.rows.shape[1])

    @staticmethod
    def _best(logits: np.ndarray) -> tuple[int, int]:
        """Find where the logit (directions, lengths) is finite, not near 1, and most linear."""
        near, mid, far = logits[:, :-2], logits[:, 1:-1], logits[:, 2:]
        bend = np.abs((far - mid) - 2 * (mid - near))
        flat = np.abs(far - mid) < _FLAT  # clamped by the student against overflow, say
        bend[~np.isfinite(bend) | (near > 4) | (far > 8) | flat] = np.inf
        direction, length = np.unravel_index(int(bend.argmin()), bend.shape)
        return int(direction), int(length)


def own_affine(places: np.ndarray, values: np.ndarray, without: slice | None = None) -> np.ndarray:
    """Fit each unit's affine function to its values at its own places.

    Args:
        places: (units, N, S).
        values: of all units at all places, (units, N, units); the diagonal is used.
        without: coordinates of the units' own states, one a unit, that are left out: each unit's
            weight on its own state is zero then.

    Returns:
        Rows (units, S + 1).
    """
    rows = []
    for unit, points in enumerate(places):
        keep = np.ones(points.shape[1], bool)
        if without is not None:
            keep[without.start + unit] = False
        used = (points[:, ~keep] == points[:1, ~keep]).all(1)
        fitted = affine(points[used][:, keep], values[unit, used, unit][:, None])[0]
        row = np.zeros(points.shape[1] + 1)
        row[[*np.flatnonzero(keep), -1]] = fitted
        rows.append(row)
    return np.array(rows)
