"""Oracles for the sequence classifiers: scan with a cell, read a state, apply a linear layer.

Right and known wrong networks are made of the same parts, so that a wrong one can be told by
name. Parameters: W (G, H, D), U (G, H, H), biases b0, b1 (G, H), V (K, H), c (K,); G = 1 for a
plain RNN and 4 (input, forget, candidate, output) for an LSTM.

References:
    Gers, Schmidhuber and Cummins, Learning to forget, Neural Computation 12(10), 2000 (the LSTM
    with a forget gate).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnn_course.checks.report import Misconception
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw3_temporal_order import mistakes as m

Named = Mapping[str, Tensor]


@dataclass(frozen=True)
class Part:
    """A way to do one thing, and the mistake it is (None for the right way)."""

    act: Callable[..., Any]
    mistake: Misconception | None = None


# Cells: pre-activations (G, B, H), old state and old memory (B, H) -> new state and memory


def _lstm(
    a: Tensor, _h: Tensor, c: Tensor, forget: bool = True, output: bool = True
) -> tuple[Tensor, Tensor]:
    i, f, g, o = a[0].sigmoid(), a[1].sigmoid(), a[2].tanh(), a[3].sigmoid()
    c = (f * c if forget else c) + i * g
    return (o * c.tanh() if output else c.tanh()), c


def _lstm_coupled(a: Tensor, _h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    f, g, o = a[1].sigmoid(), a[2].tanh(), a[3].sigmoid()
    c = f * c + (1 - f) * g
    return o * c.tanh(), c


def _lstm_sigmoid_candidate(a: Tensor, _h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    i, f, g, o = a.sigmoid()
    c = f * c + i * g
    return o * c.tanh(), c


RNN_CELLS = (
    Part(lambda a, h, c: (a[0].tanh(), c)),
    Part(lambda a, h, c: (a[0].relu(), c), m.NOT_TANH),
    Part(lambda a, h, c: (a[0].sigmoid(), c), m.NOT_TANH),
    Part(lambda a, h, c: (a[0], c), m.NOT_TANH),
    Part(lambda a, h, c: (a[0].tanh().tanh(), c), m.TANH_TWICE),
    Part(lambda a, h, c: (h + a[0].tanh(), c), m.STATE_ADDED),
    Part(lambda a, h, c: (a[0].tanh().detach(), c), m.STATE_CUT),
)
LSTM_CELLS = (
    Part(_lstm),
    Part(lambda a, h, c: _lstm(a, h, c, forget=False), m.NO_FORGET_GATE),
    Part(lambda a, h, c: _lstm(a, h, c, output=False), m.NO_OUTPUT_GATE),
    Part(
        lambda a, h, c: (a[3].sigmoid() * _lstm(a, h, c)[1], _lstm(a, h, c)[1]), m.NO_TANH_ON_CELL
    ),
    Part(lambda a, h, c: (a[3].sigmoid() * c.tanh(), _lstm(a, h, c)[1]), m.OLD_CELL),
    Part(_lstm_sigmoid_candidate, m.SIGMOID_CANDIDATE),
    Part(_lstm_coupled, m.NO_INPUT_GATE),
    Part(lambda a, h, c: tuple(state.detach() for state in _lstm(a, h, c)), m.STATE_CUT),
)

# Scans: parameters, inputs (B, T, D), cell -> states and memories (B, T, H)


def _scan(
    p: Named, x: Tensor, cell: Callable, recurrent: float = 1.0, start: float = 0.0
) -> tuple[Tensor, Tensor]:
    bias = sum((p[name] for name in ("b0", "b1") if name in p), torch.zeros(()).to(x))
    driven = torch.einsum("ghd,btd->tgbh", p["W"], x) + (bias.unsqueeze(1) if bias.dim() else bias)
    h = c = x.new_full((x.shape[0], p["W"].shape[1]), start)
    states, memories = [], []
    for a in driven:
        h, c = cell(a + recurrent * torch.einsum("ghk,bk->gbh", p["U"], h), h, c)
        states.append(h)
        memories.append(c)
    return torch.stack(states, 1), torch.stack(memories, 1)


def _swapped(p: Named, x: Tensor, cell: Callable) -> tuple[Tensor, Tensor]:
    states, memories = _scan(p, x.transpose(0, 1), cell)
    return states.transpose(0, 1), memories.transpose(0, 1)


SCANS = (
    Part(_scan),
    Part(_swapped, m.TIME_IS_BATCH),
    Part(lambda p, x, cell: _scan(p, x.flip(1), cell), m.RUNS_BACKWARDS),
    Part(lambda p, x, cell: _scan(p, x, cell, 0.0), m.NO_RECURRENCE),
    Part(lambda p, x, cell: _scan(p, x, cell, start=1.0), m.NOT_ZERO_START),
)

# Readouts: states (B, T, H), lengths (B,) -> the states that are classified (B, H)


def at(states: Tensor, steps: Tensor) -> Tensor:
    """Return the state of each sequence at its own step; -1 is the last, as in Python."""
    return states[torch.arange(len(states)), steps]


def _valid(states: Tensor, lengths: Tensor) -> Tensor:
    return (torch.arange(states.shape[1]) < lengths[:, None])[..., None].to(states)


READOUTS = (
    Part(lambda h, n: at(h, n - 1)),
    Part(lambda h, n: h[:, -1], m.READS_PADDING),
    Part(lambda h, n: h[:, 0], m.READS_FIRST),
    Part(lambda h, n: at(h, n - 2), m.READS_ONE_EARLY),
    Part(lambda h, n: at(h, n.clamp(max=h.shape[1] - 1)), m.READS_ONE_LATE),
    Part(lambda h, n: at(h, n % h.shape[1]), m.READS_ONE_LATE),
    Part(lambda h, n: at(h, n - h.shape[1]), m.READS_ONE_LATE),
    Part(lambda h, n: (h * _valid(h, n)).sum(1) / n[:, None], m.READS_MEAN),
    Part(lambda h, n: (h * _valid(h, n)).sum(1), m.READS_MEAN),
    Part(lambda h, n: h.mean(1), m.READS_MEAN),
    Part(lambda h, n: h.sum(1), m.READS_MEAN),
    Part(lambda h, n: h.amax(1), m.READS_MEAN),
    Part(lambda h, n: (h - 1e9 * (1 - _valid(h, n))).amax(1), m.READS_MEAN),
    Part(lambda h, n: h[:, n[0] - 1], m.READS_SAME_STEP),
    Part(lambda h, n: h[:, n[-1] - 1], m.READS_SAME_STEP),
    Part(lambda h, n: h[:, n.min() - 1], m.READS_SAME_STEP),
    Part(lambda h, n: at(h, n - 1)[n.argsort(descending=True)], m.ORDER_LOST),
    Part(lambda h, n: at(h, n - 1)[n.argsort()], m.ORDER_LOST),
    Part(lambda h, n: at(h, n.sort(descending=True).values - 1), m.ORDER_LOST),
)
FINISHES = (
    Part(lambda z: z),
    Part(lambda z: z.softmax(-1), m.SOFTMAX_LEFT),
    Part(lambda z: z.log_softmax(-1), m.SOFTMAX_LEFT),
    Part(lambda z: z.sigmoid(), m.SOFTMAX_LEFT),
    Part(lambda z: z.tanh(), m.SOFTMAX_LEFT),
    Part(lambda z: z.relu(), m.SOFTMAX_LEFT),
)


@dataclass(frozen=True)
class Variant:
    """A network of the family, right or wrong.

    Attributes:
        biases: how many biases a gate has.
        head_bias: whether the linear layer has one.
        reads_memory: classify c instead of h.
    """

    scan: Part
    cell: Part
    readout: Part
    finish: Part
    biases: int = 2
    head_bias: bool = True
    reads_memory: bool = False

    def shapes(self, gates: int, sizes: tuple[int, int, int]) -> dict[str, tuple[int, ...]]:
        """Return the shape of every parameter for sizes (D, H, K)."""
        d, h, k = sizes
        biases = {f"b{index}": (gates, h) for index in range(self.biases)}
        head = {"V": (k, h), **({"c": (k,)} if self.head_bias else {})}
        return {"W": (gates, h, d), "U": (gates, h, h), **biases, **head}

    def logits(self, p: Named, x: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, K) of inputs (B, T, D)."""
        states = self.scan.act(p, x, self.cell.act)[self.reads_memory]
        state = self.readout.act(states, lengths)
        return self.finish.act(state @ p["V"].T + p.get("c", 0))

    @property
    def cell_mistakes(self) -> tuple[Misconception, ...]:
        """Mistakes in what is computed at each step."""
        found = [part.mistake for part in (self.scan, self.cell, self.finish) if part.mistake]
        found += [m.MEMORY_READ] * self.reads_memory
        return (*found, *[m.BIAS_MISSING] * (not (self.biases and self.head_bias)))


def variants(cells: tuple[Part, ...]) -> Iterator[Variant]:
    """List networks made of these cells: the right one first, then those with one mistake."""
    right = {"scan": SCANS[0], "cell": cells[0], "readout": READOUTS[0], "finish": FINISHES[0]}
    others = {"scan": SCANS, "cell": cells, "readout": READOUTS, "finish": FINISHES}
    changes: list[dict[str, Any]] = [{}]
    changes += [{slot: part} for slot, parts in others.items() for part in parts[1:]]
    if cells is LSTM_CELLS:
        changes.append({"reads_memory": True})
    for change in changes:
        for biases, head_bias in product((2, 1, 0), (True, False)):
            yield Variant(**{**right, **change}, biases=biases, head_bias=head_bias)


def final_loss(trained: Mapping[str, Any], labels: np.ndarray) -> float:
    """Return the loss after a `Train`, in evaluation mode: with dropout it is luck before."""
    logits = np.asarray(plain(trained["logits"]), float)
    if logits.ndim != 2 or len(logits) != len(labels) or logits.shape[1] <= labels.max():
        return float(trained["losses"][-1])
    return float(torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(labels)))
