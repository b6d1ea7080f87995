"""Oracles for networks that answer at every step: an input, a recurrent layer, a linear layer.

Right and known wrong networks are made of the same parts, so that a wrong one can be told by
name. Parameters: E (V, D) of an embedding, W (G, H, D), U (G, H, H), biases b, d (G, H) on the
side of the input and of the state, R (K, H), r (K,). G = 1, 3 (r, z, n) or 4 (i, f, g, o).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnn_course.checks import identify
from rnn_course.checks.generic import close
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Anatomy, Build, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw4_lstm_applications import model_mistakes as m

Named = Mapping[str, Tensor]
CONSTANTS = (0.3, -0.2)


@dataclass(frozen=True)
class Part:
    """A way to do one thing, and the mistake it is (None for the right way)."""

    act: Callable[..., Any]
    mistake: Misconception | None = None


# Cells: what input and state contribute (G, B, H), the old h and c (B, H) -> the new h and c


def _lstm(x: Tensor, s: Tensor, _h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    i, f, o = (x + s)[[0, 1, 3]].sigmoid()
    c = f * c + i * (x + s)[2].tanh()
    return o * c.tanh(), c


def _gru(x: Tensor, s: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    r, z = (x + s)[:2].sigmoid()
    return (1 - z) * (x[2] + r * s[2]).tanh() + z * h, c


def _rnn(x: Tensor, s: Tensor, _h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    return (x + s)[0].tanh(), c


CELLS = {"RNN": (1, Part(_rnn)), "GRU": (3, Part(_gru)), "LSTM": (4, Part(_lstm))}
_ENTER = Part(lambda x: x)
_CHANGED = (
    Part(lambda x: x.tanh(), m.EMBEDDING_CHANGED),
    Part(lambda x: x.relu(), m.EMBEDDING_CHANGED),
    Part(lambda x: x.sigmoid(), m.EMBEDDING_CHANGED),
    Part(lambda x: x * x.shape[-1] ** 0.5, m.EMBEDDING_CHANGED),
)
_RELU = Part(lambda x, s, h, c: ((x + s)[0].relu(), c), m.RELU)


def _cut(cell: Part) -> Part:
    """Let no gradient through the state."""
    return Part(lambda x, s, h, c: tuple(p.detach() for p in cell.act(x, s, h, c)), m.STATE_CUT)


# Scans: contribution of the inputs (T, G, B, H), parameters, cell -> states, memories (B, T, H)


def _scan(x: Tensor, p: Named, cell: Callable, keep: float = 1.0) -> tuple[Tensor, Tensor]:
    h = c = x.new_zeros(x.shape[2:])
    hs, cs = [], []
    bias = p["d"][:, None] if "d" in p else 0.0
    for step in x:
        h, c = cell(step, torch.einsum("ghk,bk->gbh", p["U"], keep * h) + bias, h, keep * c)
        hs.append(h)
        cs.append(c)
    return torch.stack(hs, 1), torch.stack(cs, 1)


def _backwards(x: Tensor, p: Named, cell: Callable) -> tuple[Tensor, ...]:
    return tuple(part.flip(1) for part in _scan(x.flip(0), p, cell))


def _across(x: Tensor, p: Named, cell: Callable) -> tuple[Tensor, ...]:
    return tuple(part.transpose(0, 1) for part in _scan(x.transpose(0, 2), p, cell))


SCANS = (
    Part(_scan),
    Part(_backwards, m.RUNS_BACKWARDS),
    Part(_across, m.TIME_IS_BATCH),
    Part(lambda x, p, cell: _scan(x, p, cell, 0.0), m.NO_RECURRENCE),
)


# Readouts: states and memories (B, T, H) -> what the linear layer gets (B, T, H)


def _before(h: Tensor) -> Tensor:
    return torch.cat([torch.zeros_like(h[:, :1]), h[:, :-1]], 1)


def _running_mean(h: Tensor) -> Tensor:
    return h.cumsum(1) / torch.arange(1, h.shape[1] + 1)[:, None]


READOUTS = (
    Part(lambda h, c: h),
    Part(lambda h, c: _before(h), m.READS_OLD_STATE),
    Part(lambda h, c: h[:, -1:].expand_as(h), m.LAST_STATE_EVERYWHERE),
    Part(lambda h, c: h.mean(1, keepdim=True).expand_as(h), m.LAST_STATE_EVERYWHERE),
    Part(lambda h, c: c, m.MEMORY_READ),
    Part(lambda h, c: _running_mean(h), m.READS_MEAN),
    Part(lambda h, c: h.cumsum(1), m.READS_MEAN),
    Part(lambda h, c: h.relu(), m.EXTRA_NONLINEARITY),
    Part(lambda h, c: h.tanh(), m.EXTRA_NONLINEARITY),
    Part(lambda h, c: h.detach(), m.STATE_CUT),
)
FINISHES = (
    Part(lambda z: z),
    Part(lambda z: z.softmax(-1), m.SOFTMAX_LEFT),
    Part(lambda z: z.log_softmax(-1), m.SOFTMAX_LEFT),
    Part(lambda z: z.softmax(1), m.SOFTMAX_LEFT),
    Part(lambda z: z.sigmoid(), m.SOFTMAX_LEFT),
    Part(lambda z: z.tanh(), m.SOFTMAX_LEFT),
    Part(lambda z: z.relu(), m.SOFTMAX_LEFT),
)


@dataclass(frozen=True)
class Design:
    """A network of the family, right or wrong.

    Attributes:
        sizes: (D, H, K): inputs of the recurrent layer, hidden units, outputs.
        cell: of `CELLS`, or a wrong one.
        embedded: V, where ids go through an embedding (V, D); None where they do not.
        biases: whether there are b, d and r.
    """

    sizes: tuple[int, int, int]
    gates: int
    cell: Part
    embedded: int | None = None
    scan: Part = SCANS[0]
    readout: Part = READOUTS[0]
    finish: Part = FINISHES[0]
    enter: Part = _ENTER
    biases: tuple[bool, bool, bool] = (True, True, True)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every parameter."""
        d, h, k = self.sizes
        g = self.gates
        optional = {"b": (g, h), "d": (g, h), "r": (k,)}
        kept = {n: s for (n, s), on in zip(optional.items(), self.biases, strict=True) if on}
        table = {"E": (self.embedded, d)} if self.embedded else {}
        return {**table, "W": (g, h, d), "U": (g, h, h), "R": (k, h), **kept}

    def outputs(self, p: Named, x: Tensor) -> Tensor:
        """Return outputs (B, T, K) of inputs (B, T, D), or (B, T, V) one-hot for an embedding."""
        if self.embedded:
            x = self.enter.act(x @ p["E"])
        driven = torch.einsum("ghd,btd->tgbh", p["W"], x)
        driven = driven + (p["b"][:, None] if "b" in p else 0.0)
        states = self.readout.act(*self.scan.act(driven, p, self.cell.act))
        return self.finish.act(states @ p["R"].T + p.get("r", 0.0))

    def oracle(self, x: np.ndarray, cotangents: np.ndarray) -> identify.Network:
        """Make the oracle for these inputs."""
        inputs = torch.from_numpy(x)

        def forward(p: Named) -> Tensor:
            return self.outputs(p, inputs).reshape(cotangents.shape)

        return identify.oracle(self.shapes(), forward, cotangents)

    @property
    def mistakes(self) -> tuple[Misconception, ...]:
        """What is wrong with it."""
        parts = (self.enter, self.scan, self.cell, self.readout, self.finish)
        return tuple(part.mistake for part in parts if part.mistake)

    @property
    def complete(self) -> bool:
        """Whether both layers have a bias: torch's cells have two, and one will do."""
        return (self.biases[0] or self.biases[1]) and self.biases[2]


def right(kind: str, sizes: tuple[int, int, int], embedded: int | None = None) -> Design:
    """Return the right network with a cell of some kind."""
    gates, cell = CELLS[kind]
    return Design(sizes, gates, cell, embedded)


def with_biases(design: Design) -> Iterator[Design]:
    """List a network with and without each bias."""
    same_side = design.gates != 3  # only a GRU tells a bias of the input from one of the state
    for b, d, r in product((True, False), repeat=3):
        if not (same_side and d and not b):
            yield replace(design, biases=(b, d, r))


def complete(design: Design) -> Iterator[Design]:
    """List a network with the sets of biases that leave no layer without one."""
    return (found for found in with_biases(design) if found.complete)


def mistaken(design: Design) -> Iterator[Design]:
    """List networks that differ from a right one by a mistake."""
    yield from (replace(design, scan=part) for part in SCANS[1:])
    yield from (replace(design, readout=part) for part in READOUTS[1:])
    yield from (replace(design, finish=part) for part in FINISHES[1:])
    yield replace(design, cell=_cut(design.cell))
    if design.gates == 1:
        yield replace(design, cell=_RELU)
    if design.embedded:
        yield from (replace(design, enter=part) for part in _CHANGED)


class Responses:
    """What a student's network answers when all its parameters are one number: no layout enters.

    Args:
        inputs: what the student's module is called with.
        cotangents: weights of the outputs, in their shape.
    """

    def __init__(
        self, subject: Subject, build: Build, inputs: tuple, cotangents: np.ndarray
    ) -> None:
        self.subject, self.build, self.inputs = subject, build, inputs
        self.cotangents = cotangents
        self.tolerance = 1e-9 if build.dtype == "float64" else 1e-4
        cases = (Pass(inputs, parameters=a, cotangents=(cotangents, None)) for a in CONSTANTS)
        # Each on a module of its own: what one keeps from an earlier call is judged elsewhere.
        outcomes = [outcome for case in cases for outcome in subject.ask(Run(build, (case,)))]
        self.seen = [(_first(outcome.value), _summed(outcome)) for outcome in outcomes]

    def match(self, design: Design, x: np.ndarray) -> tuple[bool, bool]:
        """Tell whether the outputs are a network's, and whether the gradients are, too."""
        if len(self.seen) < len(CONSTANTS) or not self._alike(design, x):
            return False, False
        oracle, gradients = design.oracle(x, self.cotangents), True
        for a, (output, summed) in zip(CONSTANTS, self.seen, strict=True):
            expected, gradient = oracle.respond(np.full(oracle.size, a))
            if output is None or not close(output, expected, self.tolerance):
                return False, False
            gradients &= bool(np.isclose(summed, gradient.sum(), rtol=1e3 * self.tolerance))
        return True, gradients

    def _alike(self, design: Design, x: np.ndarray) -> bool:
        """Compare the outputs for one constant, without gradients: most networks fail here."""
        shapes = design.shapes().items()
        with torch.no_grad():
            p = {
                name: torch.full(shape, CONSTANTS[0], dtype=torch.float64) for name, shape in shapes
            }
            expected = design.outputs(p, torch.from_numpy(x)).numpy()
        output = self.seen[0][0]
        if output is None or np.size(output) != expected.size:
            return False
        return close(np.reshape(output, expected.shape), expected, self.tolerance)

    def find(self, designs: Iterator[Design], x: np.ndarray) -> tuple[Design | None, bool]:
        """Return the first network that responds alike, and whether its gradients do too."""
        alike = None
        for design in designs:
            outputs, gradients = self.match(design, x)
            if outputs and gradients:
                return design, True
            if outputs:
                alike = alike or design
        return alike, False

    def corresponds(
        self, design: Design, x: np.ndarray, anatomy: Anatomy, rng: np.random.Generator
    ) -> bool:
        """Tell whether some assignment of the parameters makes both respond alike."""
        given = identify.student(
            self.subject,
            self.build,
            anatomy,
            self.inputs,
            self.cotangents,
            part=0,
        )
        return identify.correspondence(given, design.oracle(x, self.cotangents), rng) is not None


def _first(value: Any) -> Any:
    return plain(value)[0] if isinstance(value, (tuple, list)) and value else None


def _summed(outcome: Any) -> float:
    if outcome.error or not outcome.gradients:
        return float("nan")
    found = outcome.gradients["parameters"].values()
    return float(sum(g.sum() for g in found if g is not None))
