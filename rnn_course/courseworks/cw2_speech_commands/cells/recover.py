"""Finds the weights of a recurrent cell from its responses alone.

Nothing is assumed about how a student stores parameters: names, shapes, order, fused or separate
gates, transposes, one bias or two, reparametrisations, relabelled gates. At whatever values the
parameters have, a right cell *is* some LSTM (GRU, RNN) cell, and that cell's weights can be read
off from what it does. The result is in torch's form, so that torch's own cell can be the oracle.

::

    respond = lambda x, h, c: (hy, cy)            # arrays (B, D), (B, H), (B, H) -> (B, H), (B, H)
    weights = recover_lstm(respond, D, H, rng)    # "input" (4H, D), "hidden" (4H, H), "bias" (4H,)
    weights = recover_gru(respond, D, H, rng)     # "input" (3H, D), …, "bias_hidden" (3H,)
    weights = recover_rnn(respond, D, H, np.arctanh)

How: each gate is isolated where the others are known or saturated, and the logit of its value is
affine in (x, h). These first estimates are then polished by Gauss-Newton steps on all weights
together. A cell that is of another family yields weights that do not reproduce it: compare.

Why the responses determine the weights. Write s = (x, h). A gate is σ(w·s + b), and
logit(σ(z)) = log(p / (1 - p)) = z undoes the sigmoid. An affine function of S numbers is known from
its values at S + 1 points that lie in no common plane, such as zero and the unit vectors
(`probes.simplex`). So whoever can see one gate alone can read its row of weights. A unit of a cell
has a name, its place in the state that goes in and comes out: units cannot be exchanged, nor can
one change its sign with its weights, as hidden units of a feed-forward network can. Hence the
weights are unique, and two cells that respond alike have the same.

An LSTM, c' = f c + i g and h' = o tanh(c'), shows its gates one by one:

- f: c goes in as +1, then as -1, at the same s: c' is f + i g, then -f + i g; half of the
  difference is f.
- o: h' / tanh(c').
- i: with c = 0, c' = i g. Far out in some directions g has reached ±1 to the last digit while i has
  not reached 1 (towards 0 it keeps its digits, however small it is). There |c'| = i, which shows in
  that logit|c'| is affine along the direction (`probes.Tail` finds where). A simplex around such a
  place gives the row.
- g: with c = 0 near the origin, c' / i, and artanh undoes its tanh.

A GRU multiplies the reset gate into the candidate and shows less; see `gru_probe`.

References:
    Sussmann, Uniqueness of the weights for minimal feedforward nets with a given input-output map,
    Neural Networks 5, 1992.
    Albertini and Sontag, For neural networks, function determines form, Neural Networks 6, 1993.
    Carlini, Jagielski and Mironov, Cryptanalytic extraction of neural network models, CRYPTO 2020.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from rnn_course.courseworks.cw2_speech_commands.cells.fit import gru_step, lstm_step, polish
from rnn_course.courseworks.cw2_speech_commands.cells.gru_probe import GRUProbe
from rnn_course.courseworks.cw2_speech_commands.cells.probes import (
    Tail,
    affine,
    at,
    logit,
    own_affine,
    sigmoid,
    simplex,
    split,
)

Respond = Callable[..., tuple[np.ndarray, ...]]

_DIRECTIONS = 32


@dataclass(frozen=True, eq=False)
class Weights:
    """A cell's weights in torch's layout; gates i f g o for LSTM, r z n for GRU.

    Attributes:
        input: ``weight_ih``, (G H, D).
        hidden: ``weight_hh``, (G H, H).
        bias: ``bias_ih``, (G H,).
        bias_hidden: ``bias_hh``, (G H,); only the GRU's candidate needs it, else zeros.
        residual: largest difference between these weights' cell and the responses they were
            fitted to; infinite where no estimate was found.
    """

    input: np.ndarray
    hidden: np.ndarray
    bias: np.ndarray
    bias_hidden: np.ndarray
    residual: float = 0.0

    @classmethod
    def of(cls, rows: np.ndarray, inputs: int, hidden: int, residual: float = 0.0) -> "Weights":
        """Split rows (G H, D + H + 1): weights and bias; one column more is the hidden bias."""
        w, u, b, k = np.split(rows, [inputs, inputs + hidden, inputs + hidden + 1], 1)
        k = k[:, 0] if k.size else np.zeros(len(rows))
        return cls(w, u, b[:, 0], k, residual)

    def tensors(self) -> tuple[torch.Tensor, ...]:
        """Return them in the order of torch's cells: weight_ih, weight_hh, bias_ih, bias_hh."""
        return tuple(map(torch.tensor, (self.input, self.hidden, self.bias, self.bias_hidden)))

    @property
    def rows(self) -> np.ndarray:
        """One row a gate and unit: input weights, hidden weights, bias, hidden bias."""
        return np.column_stack([self.input, self.hidden, self.bias, self.bias_hidden])


def recover_rnn(
    respond: Respond, inputs: int, hidden: int, inverse: Callable[[np.ndarray], np.ndarray]
) -> Weights:
    """Recover hy = phi(W x + U h + b), given phi's inverse where responses lie in its range."""
    points = simplex(inputs + hidden) * 0.5
    (hy,) = respond(*split(points, inputs))
    with np.errstate(all="ignore"):
        return Weights.of(affine(points, inverse(hy)), inputs, hidden)


class Estimate(NamedTuple):
    """First estimates of weights as rows, and random inputs and states with what came of them."""

    rows: np.ndarray
    data: tuple[np.ndarray, ...]
    came: tuple[np.ndarray, ...]


def estimate_lstm(respond: Respond, inputs: int, hidden: int, rng: np.random.Generator) -> Estimate:
    """Estimate an LSTM's weights gate by gate, each from the responses where it shows.

    Returns:
        Rows (4H, D + H + 1), good to some digits; NaN for a gate that does not look like one.
    """
    size = inputs + hidden
    points, tail = simplex(size), Tail(size, size, _DIRECTIONS, rng)
    free = rng.normal(size=(6 * (size + 1), size + hidden))
    levels = ((points, 1.0), (points, -1.0), (points, 0.0), (tail.rows, 0.0))
    probes = [np.column_stack([s, np.full((len(s), hidden), c)]) for s, c in levels]
    data = (*split(free[:, :size], inputs), free[:, size:])

    def cells(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        hy, cy = respond(*split(rows[:, :size], inputs), rows[:, size:])
        return hy, cy

    ends = np.cumsum([len(part) for part in probes])
    (hy, *_, free_hy), (up, down, added, faded, free_cy) = (
        np.split(state, ends) for state in cells(np.concatenate([*probes, free]))
    )
    with np.errstate(all="ignore"):
        places = tail.around(logit(np.abs(faded)))
        flat = places.reshape(-1, size)
        near = cells(np.column_stack([flat, np.zeros((len(flat), hidden))]))[1]
        gate_f = affine(points, logit((up - down) / 2))
        gate_o = affine(points, logit(hy / np.tanh(up)))
        gate_i = own_affine(places, logit(np.abs(near.reshape(*places.shape[:2], hidden))))
        gate_g = affine(points, np.arctanh(added / sigmoid(at(gate_i, points))))
    return Estimate(np.concatenate([gate_i, gate_f, gate_g, gate_o]), data, (free_hy, free_cy))


def recover_lstm(respond: Respond, inputs: int, hidden: int, rng: np.random.Generator) -> Weights:
    """Recover an LSTM cell's weights.

    Args:
        respond: the cell; called twice, with some hundred rows in all.
        inputs: D.
        hidden: H.
        rng: draws the directions of probing.
    """
    found = estimate_lstm(respond, inputs, hidden, rng)
    fitted = polish(lstm_step, found.rows, found.data, np.concatenate(found.came, 1))
    return Weights.of(fitted.rows, inputs, hidden, fitted.residual)


def recover_gru(respond: Respond, inputs: int, hidden: int, rng: np.random.Generator) -> Weights:
    """Recover a GRU cell's weights (reset gate after the recurrent product).

    Args:
        respond: the cell; called three times, with a thousand rows in all.
        inputs: D, at least 2.
        hidden: H.
        rng: draws the directions of probing.
    """
    size = inputs + hidden
    free = rng.normal(size=(6 * (size + 2), size))
    probe = GRUProbe(inputs, hidden, rng)
    rows = np.concatenate([probe.rows, free])
    (hy,) = respond(*split(rows, inputs))
    with np.errstate(all="ignore"):
        places = probe.read_places(hy[: len(probe.rows)])
        points = probe.read_gates(respond(*split(places, inputs))[0])
        guess = probe.finish(respond(*split(points, inputs))[0])
    fitted = polish(gru_step, guess, split(free, inputs), hy[len(probe.rows) :])
    return Weights.of(fitted.rows, inputs, hidden, fitted.residual)
