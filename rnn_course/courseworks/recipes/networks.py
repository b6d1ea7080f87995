"""torch's own networks for the questions that ask for a module.

All take tensors and return a tuple; D inputs, H units, L layers, K classes or a vocabulary of V.
Attention is the additive one with a small network as classifier: one right answer of many, and
the one that the model answer gives.

References:
    Bahdanau, Cho and Bengio, Neural machine translation by jointly learning to align and
    translate, ICLR 2015 (the additive score).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

_KINDS = {"LSTM": nn.LSTM, "GRU": nn.GRU, "RNN": nn.RNN, "RNN_TANH": nn.RNN, "RNN_RELU": nn.RNN}
_HORIZON, _WAVES = 110, 4


def _layers(mode: str, D: int, H: int, L: int = 1) -> nn.Module:
    more = {"nonlinearity": mode[4:].lower()} if "_" in mode else {}
    return _KINDS[mode](D, H, L, batch_first=True, **more)


def last(states: Tensor, lengths: Tensor | None) -> Tensor:
    """Return the last state (B, H) of every sequence, of its own length where one is given."""
    if lengths is None:
        return states[:, -1]
    ends = (lengths - 1)[:, None, None].expand(-1, 1, states.shape[2])
    return states.gather(1, ends)[:, 0]


class OneStep(nn.Module):
    """torch's LSTM or GRU cell: input (B, D) and states (B, H) to the new states (B, H)."""

    def __init__(self, kind: type[nn.Module], D: int, H: int) -> None:
        super().__init__()
        self.cell = kind(D, H)

    def forward(self, x: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Make one step."""
        if len(states) == 1:
            return (self.cell(x, states[0]),)
        return self.cell(x, states)


class Classifier(nn.Module):
    """torch's recurrent layers in one or two independent directions: (B, T, D) to (B, K)."""

    def __init__(self, mode: str, sizes: tuple[int, int, int, int], directions: int = 1) -> None:
        super().__init__()
        D, H, L, K = sizes
        self.stacks = nn.ModuleList(_layers(mode, D, H, L) for _ in range(directions))
        self.readout = nn.Linear(directions * H, K)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> tuple[Tensor]:
        """Return logits from the last state of each direction."""
        ends = [
            last(stack(x.flip(1) if d else x)[0], lengths) for d, stack in enumerate(self.stacks)
        ]
        return (self.readout(torch.cat(ends, dim=1)),)


class EveryStep(nn.Module):
    """A recurrent layer and a linear one at every step: (B, T, D) to (B, T, K).

    Where a vocabulary is given the input is ids (B, T), as one-hot vectors or embedded.
    """

    def __init__(
        self, mode: str, sizes: tuple[int, int, int], V: int | None = None, embedded: bool = False
    ) -> None:
        super().__init__()
        D, H, K = sizes
        self.V, self.table = V, nn.Embedding(V, D) if V and embedded else None
        self.layer, self.readout = _layers(mode, D, H), nn.Linear(H, K)

    def forward(self, x: Tensor) -> tuple[Tensor]:
        """Return the output of every step; an axis of one output is left out."""
        if self.table is not None:
            x = self.table(x)
        elif self.V is not None:
            x = one_hot(x, self.V).to(self.readout.weight)
        else:
            x = x[..., None]
        return (self.readout(self.layer(x)[0]).squeeze(-1),)


class Attention(nn.Module):
    """A plain RNN whose states are weighed: (B, T, D) and lengths to (B, K) and weights (B, T)."""

    def __init__(self, D: int, H: int, K: int) -> None:
        super().__init__()
        self.layer = _layers("RNN", D, H)
        self.of_state, self.of_place = nn.Linear(H, H), nn.Linear(1 + 2 * _WAVES, H, bias=False)
        self.v = nn.Parameter(torch.empty(H))
        self.hidden, self.readout = nn.Linear(H, H), nn.Linear(H, K)

    def forward(self, x: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits and weights."""
        states = self.layer(x)[0]
        steps = torch.arange(x.shape[1], device=x.device)
        scores = torch.tanh(self.of_state(states) + self.of_place(_places(steps).to(x))) @ self.v
        scores = scores.where(steps < lengths[:, None], -math.inf)
        weights = scores.exp() / scores.exp().sum(1, keepdim=True)
        context = torch.einsum("bt,bth->bh", weights, states)
        return self.readout(torch.tanh(self.hidden(context))), weights


def _places(steps: Tensor) -> Tensor:
    """Return a step's share of the longest sequence, with its sines and cosines, (T, 9)."""
    share = steps.double()[:, None] / _HORIZON
    angles = 2 * math.pi * share * 2.0 ** torch.arange(_WAVES, device=steps.device)
    return torch.cat([share, angles.sin(), angles.cos()], 1)
