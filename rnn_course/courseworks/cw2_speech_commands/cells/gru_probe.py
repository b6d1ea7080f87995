"""First estimates of a GRU cell's weights, gate by gate.

A GRU makes h' = (1 - z) n + z h with n = tanh(A(x) + r (U h + k)); r = σ(R(s)) and z = σ(Z(s)) for
s = (x, h); A, R and Z are affine. Whatever unit is meant, all of this is about its own h'. Nowhere
does one gate stand alone, so they are read in an order in which each needs only those before it.

1. A. Go far out in h, in a direction in which Z and R fall. Then z h and r (U h + k) vanish, as an
   exponential does against a line, and h' = tanh(A(x)). One direction in (π - θ) / 2π of all will
   do, θ being the angle between the two gates' weights on h; where h' stays as it is when h grows
   further, it is one. From there x is moved in small steps, and artanh(h') is A. Where the two
   gates face nearly opposite ways no such direction is found (NaN; another setting of the
   parameters is tried).
2. Z, but for the unit's own weight. With h = 0, and far out in x, A is so large that n = ±1. So
   |h'| = 1 - z, whose logit is -Z(s). Other units' h may be moved by one: in z h stands the unit's
   own h only, which stays zero. Its own weight in Z cannot be read this way.
3. The own weight u. Choose x so that A = 14, which makes n = 1 to about nine digits, and so that
   Z without the own term is 0: two equations, hence D >= 2. With the own h = -1,
   h' = (1 - z) - z = 1 - 2 z, so z = (1 - h') / 2, and logit(z) = -u.
4. U h + k. At any s, now that A and z are known, n = (h' - z h) / (1 - z), and
   q = artanh(n) - A(x) = r (U h + k). Keep h, and let x be 0, d, 2 d: m = U h + k stays, and R is
   a line ρ + τ t along t = 0, 1, 2. As 1 / r = 1 + e^-R,

       1 / q = (1 + e^-ρ e^-τt) / m = a + b g^t,   a = 1 / m, g = e^-τ:

   a constant and a geometric sequence. Of three terms v0, v1, v2 the differences are in the ratio
   g = (v2 - v1) / (v1 - v0), and a = v0 - (v1 - v0) / (g - 1). (Fitting exponentials to equidistant
   values is Prony's; the limit of three terms is Aitken's.) m at several h gives U and k.
5. R. r = q / m, and its logit is affine.

Where a step divides by something small, such as 1 - z, 1 - n² or 1 - g, rounding is enlarged as
much: the `trust` in a point is the inverse of that, and only the best points are used.

References:
    Prony, Essai expérimental et analytique, Journal de l'École polytechnique 1, 1795.
    Aitken, On Bernoulli's numerical solution of algebraic equations, Proc. Royal Society of
    Edinburgh 46, 1926.
"""

import numpy as np

from rnn_course.courseworks.cw2_speech_commands.cells.probes import (
    Tail,
    affine,
    at,
    logit,
    own_affine,
    sigmoid,
    simplex,
)

_TAILS = 64
_DIRECTIONS = 80
_LENGTHS = (48.0, 96.0, 640.0, 1280.0)
_SATURATED = 14.0
_STEADY = 1e-3
_BEST = 40
_PACES = (0.5, 1.0, 2.0, 4.0) * 4


class GRUProbe:
    """Plans probing rows and reads them; the steps are those of this module's text.

    Called in the order of its methods: `rows` are asked first, then those that `read_places`
    returns (steps 1 and 2), then those of `read_gates` (step 3); `finish` does the rest.

    Args:
        inputs: D, at least 2.
        hidden: H.
        rng: draws directions.
    """

    def __init__(self, inputs: int, hidden: int, rng: np.random.Generator) -> None:
        self.inputs, self.hidden = inputs, hidden
        size = inputs + hidden
        self._tail = Tail(inputs, size, _TAILS, rng)
        self._closed = np.zeros((_DIRECTIONS, len(_LENGTHS), size))
        directions = rng.normal(size=(_DIRECTIONS, 1, hidden))
        self._closed[..., inputs:] = directions * np.array(_LENGTHS)[:, None]
        self._lines = self._draw_lines(rng)
        parts = (self._tail.rows, self._closed.reshape(-1, size), self._lines.reshape(-1, size))
        self._ends = np.cumsum([len(part) for part in parts])[:-1]
        self.rows = np.concatenate(parts)

    def _draw_lines(self, rng: np.random.Generator) -> np.ndarray:
        """Return rows (lines, states, 3, D + H): x = 0, s, 2 s at each of several h."""
        states, lines = 2 * (self.hidden + 1), len(_PACES)
        rows = np.zeros((lines, states, 3, self.inputs + self.hidden))
        paces = np.array(_PACES)[:, None, None, None]
        x = paces * rng.normal(size=(lines, 1, 1, self.inputs))
        rows[..., : self.inputs] = x * np.arange(3.0)[:, None]
        rows[..., self.inputs :] = 1.5 * rng.normal(size=(1, states, 1, self.hidden))
        return rows

    def read_places(self, hy: np.ndarray) -> np.ndarray:
        """Read the first responses; return rows around the places best suited to each unit."""
        tail, closed, self._seen = np.split(hy, self._ends)
        closed = closed.reshape(*self._closed.shape[:2], self.hidden)
        unlike = np.abs(closed[:, 1:] - closed[:, :-1])
        unlike[~(np.abs(closed[:, 1:]) < 0.9999) | ~(unlike < _STEADY)] = np.inf
        chosen = [
            self._closed[:, 1:].reshape(-1, self._closed.shape[-1])[unit.argmin()]
            for unit in np.moveaxis(unlike, -1, 0)
        ]
        self._found = np.isfinite(unlike).any((0, 1))
        steps = np.zeros((self.inputs + 1, self.inputs + self.hidden))
        steps[:, : self.inputs] = 0.5 * simplex(self.inputs)
        self._drive_at = np.array(chosen)[:, None] + steps
        self._update_at = self._tail.around(logit(np.abs(tail)))
        size = self.inputs + self.hidden
        return np.concatenate([self._drive_at.reshape(-1, size), self._update_at.reshape(-1, size)])

    def read_gates(self, hy: np.ndarray) -> np.ndarray:
        """Read A and z (but each unit's own weight in it); return a row a unit for that weight."""
        units, known = self.hidden, self._drive_at.shape[1]
        drive, update = np.split(hy, [units * known])
        drive = np.arctanh(drive.reshape(units, known, units))
        drive[~self._found] = np.nan  # the two gates face nearly opposite ways: ask elsewhere
        self._drive = own_affine(self._drive_at[..., : self.inputs], drive)
        faded = logit(np.abs(update.reshape(*self._update_at.shape[:2], units)))
        own = slice(self.inputs, None)
        self._update = -own_affine(self._update_at, faded, without=own)
        rows = np.zeros((units, self.inputs + units))
        for unit in range(units):
            system = np.stack([self._update[unit, : self.inputs], self._drive[unit, :-1]])
            wanted = [-self._update[unit, -1], _SATURATED - self._drive[unit, -1]]
            if np.isfinite(system).all():
                rows[unit, : self.inputs] = np.linalg.lstsq(system, np.array(wanted))[0]
            rows[unit, self.inputs + unit] = -1.0
        return rows

    def finish(self, hy: np.ndarray) -> np.ndarray:
        """Read the second responses; return rows of r, z, the candidate's A and U h + k.

        Returns:
            (3 H, D + H + 2): input weights, hidden weights, bias, hidden bias.
        """
        own = np.arange(self.hidden)
        self._update[own, self.inputs + own] = -logit((1 - hy[own, own]) / 2)
        lines = self._lines.reshape(-1, self._lines.shape[-1])
        x, h = lines[:, : self.inputs], lines[:, self.inputs :]
        z = sigmoid(at(self._update, lines))
        candidate = (self._seen - z * h) / (1 - z)
        gated = np.arctanh(candidate) - at(self._drive, x)
        shape = (*self._lines.shape[:-1], self.hidden)
        steady = (1 - z) * (1 - candidate**2)
        recurrent = self._read_recurrent(gated.reshape(shape), steady.reshape(shape))
        opened = gated / at(recurrent, h)
        trust = opened * (1 - opened) * steady * np.abs(at(recurrent, h))
        reset = affine(lines, logit(opened), np.clip(trust, 0, None))
        none = np.zeros((self.hidden, 1))
        drive, bias = self._drive[:, :-1], self._drive[:, -1:]
        last = np.concatenate([drive, recurrent[:, :-1], bias, recurrent[:, -1:]], 1)
        gates = np.concatenate([reset, self._update])
        return np.concatenate([np.concatenate([gates, np.tile(none, (2, 1))], 1), last])

    def _read_recurrent(self, gated: np.ndarray, steady: np.ndarray) -> np.ndarray:
        """Read U h + k from q (lines, states, 3, H); rows (H, H + 1)."""
        first, second, third = np.moveaxis(1 / gated, 2, 0)
        growth = (third - second) / (second - first)
        limit = first - (second - first) / (growth - 1)
        opened = (limit / first, limit / second, limit / third)
        trust = (1 - growth) * opened[0] * (1 - opened[0]) / np.abs(limit) * steady.min(2)
        trust = np.abs(trust)
        for value in opened:
            trust[~((value > 0.01) & (value < 0.99))] = 0.0
        shape = (*gated.shape[:2], self.hidden)
        states = np.broadcast_to(self._lines[:, :, 0, self.inputs :], shape)
        flat = (-1, self.hidden)
        best = np.partition(trust.reshape(flat), -_BEST, 0)[-_BEST]
        trust[trust < best] = 0.0
        return affine(states.reshape(flat), (1 / limit).reshape(flat), trust.reshape(flat))
