"""What every weight of a recurrent classifier is there for, and torch's own network as the oracle.

A *role* is one number of the mathematics: the weight from input m to unit j of a gate, the bias of
a gate, an entry of the readout. A student's parameters play these roles in any layout; several may
share one (two biases that are added).

References:
    Hochreiter and Schmidhuber (1997), Long Short-Term Memory; Gers et al. (2000), Learning to
    Forget; Cho et al. (2014), Learning Phrase Representations using RNN Encoder-Decoder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product
from math import prod

import numpy as np
import torch

GATES = {
    "LSTM": ("i", "f", "g", "o"),
    "GRU": ("r", "z", "n"),
    "RNN_TANH": ("h",),
    "RNN_RELU": ("h",),
}
BIASES = {**GATES, "GRU": ("r", "z", "n", "n_h")}  # n_h acts inside the reset gate's product
MODES = tuple(GATES)


@dataclass(frozen=True)
class Size:
    """A model's constructor arguments, and whether it reads in one direction or in two."""

    mode: str
    directions: int = 1
    D: int = 3
    H: int = 4
    L: int = 2
    K: int = 3

    def args(self, bias: bool) -> tuple:
        """Return what the constructor is called with."""
        return (self.mode, self.D, self.H, self.L, bias, self.K)


@dataclass(frozen=True)
class Dress:
    """What right parametrisations may choose freely.

    Attributes:
        biases: how many biases are added up in each of the mode's `BIASES`.
        readout: how many in the readout.
        signs: of each gate; -1 where the student's gate is one minus torch's.
        offsets: constants added inside each gate, such as a forget gate's 1.
    """

    biases: tuple[int, ...]
    readout: int
    signs: tuple[int, ...]
    offsets: tuple[float, ...]

    @property
    def odd(self) -> bool:
        """Whether a gate is flipped or shifted."""
        return min(self.signs) < 0 or any(self.offsets)


def dresses(mode: str, *, plain: bool = False) -> Iterator[Dress]:
    """List the parametrisations of a mode, the usual ones first.

    Args:
        mode: one of `MODES`.
        plain: leave out shifted gates and gates with different numbers of biases.
    """
    gates = GATES[mode]
    flips = {"LSTM": ("f",), "GRU": ("z",)}.get(mode, ())
    signs = [tuple(-1 if g in flipped else 1 for g in gates) for flipped in ((), flips)]
    shifts = [tuple(1.0 * (g in at) for g in gates) for at in ((), "f")]
    if plain:
        shifts = shifts[:1]
    for biases, readout, sign, offset in product(
        _counts(mode, plain), (1, 0, 2), dict.fromkeys(signs), dict.fromkeys(shifts)
    ):
        yield Dress(biases, readout, sign, offset)


def _counts(mode: str, plain: bool) -> list[tuple[int, ...]]:
    if mode == "GRU":
        usual: list[tuple[int, ...]]
        usual = [(2, 2, 1, 1), (1, 1, 1, 0), (1, 1, 1, 1), (1, 1, 0, 1), (0, 0, 0, 0)]
    else:
        usual = [(n,) * len(GATES[mode]) for n in (2, 1, 0)]
    every = product((0, 1, 2), repeat=len(BIASES[mode]))
    return usual if plain else list(dict.fromkeys((*usual, *every)))


@dataclass(frozen=True)
class Block:
    """The roles of one kind in one place.

    Attributes:
        direction: 0 forward, 1 reverse; of the readout's bias 0.
        layer: counted from 0; of the readout, the number of layers.
        kind: ``x`` (from below), ``h`` (recurrent), ``b``, ``out`` or ``out_b``.
        gate: its name, "" for the readout.
        shape: rows are units (of the readout: classes), columns what is read.
        start: index of its first role.
        copies: how many of the student's parameters are added up in each role.
    """

    direction: int
    layer: int
    kind: str
    gate: str
    shape: tuple[int, ...]
    start: int
    copies: int

    @cached_property
    def stop(self) -> int:
        """Index after its last role."""
        return self.start + prod(self.shape)


@dataclass(frozen=True, eq=False)
class Roles:
    """All roles of a model of this size in this dress, numbered from 0; see `roles_of`.

    Attributes:
        reset_first: of a GRU: whether the reset gate acts before the recurrent product, as in 2014.
    """

    size: Size
    dress: Dress
    reset_first: bool = False
    blocks: tuple[Block, ...] = field(init=False)

    def __post_init__(self) -> None:
        blocks: list[Block] = []
        for direction, layer, kind, gate, shape, copies in self._wanted():
            start = blocks[-1].stop if blocks else 0
            if copies:
                blocks.append(Block(direction, layer, kind, gate, shape, start, copies))
        object.__setattr__(self, "blocks", tuple(blocks))

    def _wanted(self) -> Iterator[tuple]:
        size, H = self.size, self.size.H
        for d in range(size.directions):
            for layer in range(size.L):
                width = H if layer else size.D
                for gate in GATES[size.mode]:
                    yield d, layer, "x", gate, (H, width), 1
                    yield d, layer, "h", gate, (H, H), 1
                for gate, copies in zip(BIASES[size.mode], self.dress.biases, strict=True):
                    yield d, layer, "b", gate, (H,), copies
            yield d, size.L, "out", "", (size.K, H), 1
        yield 0, size.L, "out_b", "", (size.K,), self.dress.readout

    def __len__(self) -> int:
        return self.blocks[-1].stop

    def copies(self) -> np.ndarray:
        """Return for each role how many parameters are added up in it."""
        return np.concatenate([np.full(b.stop - b.start, b.copies) for b in self.blocks])

    def logits(
        self, values: torch.Tensor, x: torch.Tensor, starts: Mapping[int, tuple] | None = None
    ) -> torch.Tensor:
        """Run torch's network with given role values.

        Args:
            values: one number a role, (len(self),) float64.
            x: (B, T, D).
            starts: by direction, the initial states, each (L, B, H), as `torch.nn` takes them.

        Returns:
            (B, K) logits.
        """
        parts = {
            (b.direction, b.layer, b.kind, b.gate): values[b.start : b.stop].reshape(b.shape)
            for b in self.blocks
        }
        total = parts.get((0, self.size.L, "out_b", ""), values.new_zeros(self.size.K))
        for d in range(self.size.directions):
            frames = x.flip(1) if d else x
            start = (starts or {}).get(d) or self._zero_state(x)
            last = self._run(frames, start, self._weights(parts, d))[:, -1]
            total = total + last @ parts[d, self.size.L, "out", ""].T
        return total

    def _zero_state(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states = 2 if self.size.mode == "LSTM" else 1
        return (x.new_zeros(self.size.L, len(x), self.size.H),) * states

    def _run(self, frames: torch.Tensor, start: tuple, weights: list) -> torch.Tensor:
        if self.reset_first:
            return _reset_first(frames, start[0], weights)
        run = getattr(torch, self.size.mode.lower())
        state = start if self.size.mode == "LSTM" else start[0]
        return run(frames, state, weights, True, self.size.L, 0.0, False, False, True)[0]

    def _weights(self, parts: Mapping, d: int) -> list[torch.Tensor]:
        """Put the roles of a direction into torch's order: x, h, bias, bias of each layer."""
        weights = []
        zero = next(iter(parts.values())).new_zeros(self.size.H)
        gates = list(zip(GATES[self.size.mode], self.dress.signs, self.dress.offsets, strict=True))
        for layer in range(self.size.L):
            for kind in "xh":
                weights.append(torch.cat([sign * parts[d, layer, kind, g] for g, sign, _ in gates]))
            given = [parts.get((d, layer, "b", g), zero) for g, _, _ in gates]
            weights.append(
                torch.cat([s * b + o for (_, s, o), b in zip(gates, given, strict=True)])
            )
            inner = [parts.get((d, layer, "b", f"{g}_h"), zero) for g, _, _ in gates]
            weights.append(torch.cat(inner))
        return weights


@lru_cache(maxsize=256)
def roles_of(size: Size, dress: Dress, reset_first: bool = False) -> Roles:
    """Return the roles of a model, the same object for the same arguments."""
    return Roles(size, dress, reset_first)


def _reset_first(
    frames: torch.Tensor, start: torch.Tensor, weights: list[torch.Tensor]
) -> torch.Tensor:
    """Run layers of the GRU of 2014: the reset gate acts on the state before the product."""
    for layer, state in enumerate(start):
        inner, outer, bias, bias_inner = weights[4 * layer : 4 * layer + 4]
        h, shown = state, []
        for x in frames.unbind(1):
            r_x, z_x, n_x = (x @ inner.T + bias).chunk(3, 1)
            r_h, z_h, _ = (h @ outer.T).chunk(3, 1)
            r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
            rows = slice(2 * state.shape[1], None)
            n = torch.tanh(n_x + (r * h) @ outer[rows].T + bias_inner[rows])
            h = (1 - z) * n + z * h
            shown.append(h)
        frames = torch.stack(shown, 1)
    return frames
