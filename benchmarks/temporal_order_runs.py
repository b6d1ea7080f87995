"""Reference runs of coursework 3: which networks solve the temporal order problem, and how soon.

``python -m benchmarks.temporal_order_runs`` repeats all of them (some ten minutes on one core) and
writes ``solutions/cw3_temporal_order/reference_runs.json``, which the notebook draws. With names of
networks only those are repeated.
"""

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnn_course.data import temporal_order
from rnn_course.data.symbol_sequences import MAX_LENGTH, MIN_LENGTH, PADDING, SYMBOLS, one_hot
from rnn_course.seeding import derive, numpy_generator

STORED = Path(__file__).parents[1] / "solutions" / "cw3_temporal_order" / "reference_runs.json"
WINDOW, MEAN_ERROR, TEST, SHARE = 2000, 0.1, 2560, 0.99
INPUTS, CLASSES, STEPS = 8, 8, 110
_POINT = 512
Deal = Callable[[int, np.random.Generator], tuple[Tensor, Tensor, Tensor]]


class Recurrent(nn.Module):
    """Any of torch's recurrent layers, read at each sequence's own end."""

    def __init__(self, layer: nn.RNNBase) -> None:
        super().__init__()
        self.layer, self.out = layer, nn.Linear(layer.hidden_size, CLASSES)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, K)."""
        states, _ = self.layer(x)
        return self.out(states[torch.arange(len(x)), lengths - 1])


class Attentive(nn.Module):
    """A plain RNN with additive attention, whose score may see the position of the step.

    References:
        Bahdanau, Cho and Bengio, Neural machine translation by jointly learning to align and
        translate, 2015.
    """

    def __init__(self, hidden_size: int, position: bool = True) -> None:
        super().__init__()
        self.rnn = nn.RNN(INPUTS, hidden_size, batch_first=True)
        t = torch.arange(STEPS) / STEPS
        waves = [f(2 * math.pi * t * 2**k) for k in range(4) for f in (torch.sin, torch.cos)]
        places = torch.stack([t, *waves], 1) if position else torch.zeros(STEPS, 0)
        self.register_buffer("places", places)
        self.score = nn.Sequential(
            nn.Linear(hidden_size + places.shape[1], hidden_size),
            nn.Tanh(),
            nn.Linear(hidden_size, 1, bias=False),
        )
        # A linear layer on the context learns two of the classes' three bits, and then hardly more.
        self.out = nn.Sequential(
            nn.Linear(hidden_size, hidden_size), nn.Tanh(), nn.Linear(hidden_size, CLASSES)
        )
        # With torch's small input weights a symbol hardly shows in the state.
        nn.init.normal_(self.rnn.weight_ih_l0)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, K)."""
        states, _ = self.rnn(x)
        places = self.places[: x.shape[1]].expand(len(x), -1, -1)
        scores = self.score(torch.cat([states, places], -1)).squeeze(-1)
        padded = torch.arange(x.shape[1]) >= lengths[:, None]
        weights = scores.masked_fill(padded, -torch.inf).softmax(1)
        return self.out((weights[:, None] @ states).squeeze(1))


class Unrecurrent(nn.Module):
    """The control: attention over the inputs alone, with the position and without any state.

    It is `Attentive` with a layer that sees one step in the recurrent network's place.
    """

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        model = Attentive(hidden_size)
        self.score, self.out, self.places = model.score, model.out, model.places
        self.seen = nn.Linear(INPUTS, hidden_size)
        nn.init.normal_(self.seen.weight)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, K)."""
        states = torch.tanh(self.seen(x))
        places = self.places[: x.shape[1]].expand(len(x), -1, -1)
        scores = self.score(torch.cat([states, places], -1)).squeeze(-1)
        padded = torch.arange(x.shape[1]) >= lengths[:, None]
        weights = scores.masked_fill(padded, -torch.inf).softmax(1)
        return self.out((weights[:, None] @ states).squeeze(1))


class Linear(nn.Module):
    """The plainest control: logits that are a linear function of all steps at once."""

    def __init__(self) -> None:
        super().__init__()
        self.out = nn.Linear(STEPS * INPUTS, CLASSES)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, K)."""
        return self.out(x.flatten(1))


def lstm(hidden_size: int, forget: float | None, write: float | None = None) -> Recurrent:
    """Make an LSTM whose gates start where they are told.

    Args:
        hidden_size: number of memories.
        forget: bias of the forget gates; None: as if each memory had to last 1 to 110 steps.
        write: bias of the input gates; None: torch's, or with those time scales the opposite.

    References:
        Tallec and Ollivier, Can recurrent neural networks warp time?, 2018 (biases by time scale).
    """
    layer = nn.LSTM(INPUTS, hidden_size, batch_first=True)
    with torch.no_grad():
        gates, others = layer.bias_ih_l0.view(4, -1), layer.bias_hh_l0.view(4, -1)
        if forget is None:
            gates[1] = torch.empty(hidden_size).uniform_(1, STEPS - 1).log()
            gates[0], others[:2] = -gates[1], 0
        else:
            gates[1], others[1] = forget, 0
        if write is not None:
            gates[0], others[0] = write, 0
    return Recurrent(layer)


def gru(hidden_size: int, update_bias: float) -> Recurrent:
    """Make a GRU that keeps most of its state at the start."""
    layer = nn.GRU(INPUTS, hidden_size, batch_first=True)
    with torch.no_grad():
        layer.bias_hh_l0.zero_()
        layer.bias_ih_l0.view(3, hidden_size)[1] = update_bias
    return Recurrent(layer)


def identity_rnn(hidden_size: int) -> Recurrent:
    """Make a tanh RNN that starts by keeping its state.

    References:
        Le, Jaitly and Hinton, A simple way to initialize recurrent networks of rectified linear
        units, 2015 (the identity, there with ReLU).
    """
    model = plain_rnn(hidden_size)
    nn.init.eye_(model.layer.weight_hh_l0)
    nn.init.normal_(model.layer.weight_ih_l0, std=0.1)
    nn.init.zeros_(model.layer.bias_hh_l0)
    nn.init.zeros_(model.layer.bias_ih_l0)
    return model


def plain_rnn(hidden_size: int) -> Recurrent:
    """Make a tanh RNN as torch starts it."""
    return Recurrent(nn.RNN(INPUTS, hidden_size, batch_first=True))


@dataclass(frozen=True)
class Setting:
    """What to train and how.

    Attributes:
        seeds: how many runs.
        limit: training sequences after which a run is given up.
        anywhere: the three symbols have no ranges of their own, see `draw_anywhere`.
    """

    make: Callable[[], nn.Module]
    lr: float
    batch: int = 32
    seeds: int = 10
    limit: int = 60_000
    anywhere: bool = False


SETTINGS = {
    "LSTM, forget 3, input −3": Setting(partial(lstm, 16, 3.0, -3.0), 1e-2, batch=16),
    "RNN with attention": Setting(partial(Attentive, 32), 7e-3, batch=64),
    "RNN": Setting(partial(plain_rnn, 32), 3e-3, seeds=5),
    "RNN with attention, no position": Setting(
        partial(Attentive, 32, False), 7e-3, batch=64, limit=30_000
    ),
    "LSTM, biases by time scale": Setting(partial(lstm, 16, None), 1e-2, batch=16),
    "GRU, update bias 2": Setting(partial(gru, 16, 2.0), 4e-2, batch=96),
    "LSTM, forget 3 alone": Setting(partial(lstm, 16, 3.0), 1e-2, batch=16),
    "LSTM, forget 0": Setting(partial(lstm, 16, 0.0), 1e-2, batch=16, seeds=5),
    "RNN, identity start": Setting(partial(identity_rnn, 64), 3e-4, seeds=5, limit=150_000),
    "attention, no recurrence": Setting(partial(Unrecurrent, 32), 7e-3, batch=64),
    "linear, no memory": Setting(Linear, 3e-2),
    "anywhere: linear, no memory": Setting(Linear, 3e-2, anywhere=True),
    "anywhere: LSTM, forget 3, input −3": Setting(
        partial(lstm, 16, 3.0, -3.0), 1e-2, batch=16, anywhere=True
    ),
    "anywhere: RNN with attention": Setting(partial(Attentive, 32), 7e-3, batch=64, anywhere=True),
    "anywhere: attention, no recurrence": Setting(
        partial(Unrecurrent, 32), 7e-3, batch=64, anywhere=True
    ),
}


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        sequences: training sequences until solved, or until given up.
        seconds: processor time.
        points: (training sequences so far, mean cross-entropy of the last 512 of them).
        accuracy: on the last test, or on one made at the end.
    """

    seed: int
    sequences: int
    solved: bool
    seconds: float
    accuracy: float
    points: list[tuple[int, float]]


def solve(name: str, seed: int) -> Run:
    """Train until the last 2000 sequences were right, with a mean error under 0.1, and a test is.

    The three conditions are those of the notebook's `train_until_solved`.
    """
    setting, rng = SETTINGS[name], numpy_generator(seed, "cw3", name)
    deal = draw_anywhere if setting.anywhere else draw
    torch.manual_seed(derive(seed, "cw3", name))
    model, start = setting.make(), time.process_time()
    optimizer = torch.optim.Adam(model.parameters(), lr=setting.lr)
    errors: list[float] = []
    right: list[bool] = []
    accuracy = 0.0
    while len(right) < setting.limit and accuracy < SHARE:
        x, lengths, labels = deal(setting.batch, rng)
        logits = model(x, lengths)
        each = F.cross_entropy(logits, labels, reduction="none")
        optimizer.zero_grad()
        each.mean().backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        errors += each.tolist()
        right += (logits.argmax(1) == labels).tolist()
        quiet = len(right) >= WINDOW and all(right[-WINDOW:])
        if quiet and np.mean(errors[-WINDOW:]) < MEAN_ERROR:
            accuracy = test(model, deal, rng)
    seconds = round(time.process_time() - start, 2)
    solved, accuracy = accuracy >= SHARE, accuracy or test(model, deal, rng)
    return Run(seed, len(right), solved, seconds, round(accuracy, 4), _points(errors))


def _points(errors: list[float]) -> list[tuple[int, float]]:
    ends = range(_POINT, len(errors) + 1, _POINT)
    return [(end, round(float(np.mean(errors[end - _POINT : end])), 4)) for end in ends]


def draw(n: int, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Draw sequences as tensors."""
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


def draw_anywhere(n: int, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Draw sequences whose three symbols may stand at any three steps from 10 to 76.

    In the problem itself each symbol has a range of its own, so that the step alone tells which of
    the three a symbol is. Here only what came before tells it.
    """
    ids = rng.integers(1, 5, (n, MAX_LENGTH))
    ids[:, 0] = SYMBOLS.index("E")
    lengths, labels = rng.integers(MIN_LENGTH, MAX_LENGTH + 1, n), rng.integers(0, CLASSES, n)
    places = np.sort(rng.random((n, 67)).argsort(1)[:, :3], 1) + 10
    for k in range(3):
        ids[np.arange(n), places[:, k]] = SYMBOLS.index("X") + (labels >> (2 - k) & 1)
    ids[np.arange(n), lengths - 1] = SYMBOLS.index("B")
    ids[np.arange(MAX_LENGTH) >= lengths[:, None]] = PADDING
    inputs = torch.from_numpy(one_hot(ids.astype(np.uint8)))
    return inputs, torch.from_numpy(lengths), torch.from_numpy(labels)


@torch.no_grad()
def test(model: nn.Module, deal: Deal, rng: np.random.Generator) -> float:
    """Return the share of fresh sequences that are right."""
    x, lengths, labels = deal(TEST, rng)
    return float((model(x, lengths).argmax(1) == labels).float().mean())


def main(names: list[str]) -> None:
    """Repeat the runs of these networks, of all if none is named, and store them."""
    torch.set_num_threads(1)
    stored = json.loads(STORED.read_text(encoding="utf-8")) if names else {}
    for name in names or SETTINGS:
        runs = [solve(name, seed) for seed in range(SETTINGS[name].seeds)]
        counts = [run.sequences for run in runs if run.solved]
        print(
            f"{name}: {len(counts)} of {len(runs)} solved, "
            f"after {np.mean(counts) if counts else math.nan:,.0f} sequences (mean), "
            f"at most {max(run.seconds for run in runs):.1f} s of one core",
            flush=True,
        )
        stored[name] = [asdict(run) for run in runs]
        STORED.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
