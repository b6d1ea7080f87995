"""Models that a judge hands to a student's functions, and that keep a record of how they are used.

They answer ``model(ids (B, T), state=None) -> (logits (B, T, V), state)`` as a language model does,
by a rule that is known, so that what a function should return is known too.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnn_course.checks.measuring import measuring
from rnn_course.courseworks.cw4_lstm_applications.clock import Clock

MODULUS = 101
NEVER = 40.0  # how far the logit of <unk> is below the others
TRAINING_SCALE, STATE_SHIFT = 0.3, 0.8


class TableLM(nn.Module):
    """Predicts from the last token alone: logits are a row of a table (V, V).

    Other logits in training mode, as dropout would make them, and after a state.

    Attributes:
        used: whether it was ever called in training mode, with gradients, and with a state.
    """

    def __init__(self, table: np.ndarray) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.as_tensor(table))
        self.used = {"training": False, "gradients": False, "with_state": False}

    def forward(self, ids: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """Return logits (B, T, V), and the last tokens (B,) as a state."""
        self.used["training"] |= self.training
        self.used["gradients"] |= torch.is_grad_enabled()
        self.used["with_state"] |= state is not None
        logits = self.table[ids] * (TRAINING_SCALE if self.training else 1.0)
        if state is not None:
            logits = logits + STATE_SHIFT * torch.arange(logits.shape[-1]) % 2
        return logits, ids[:, -1]


class WalkLM(nn.Module):
    """Walks a ring of `MODULUS` places: each token moves it, each place has its own logits.

    Where it stands depends on every token it was fed, and on their order.

    Args:
        table: logits (MODULUS, V) of every place.

    Attributes:
        record: how many ids each call had, in calls with and without a state, and calls in
            training mode and with gradients.
    """

    def __init__(self, table: np.ndarray) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.as_tensor(table))
        self.record: dict[str, Any] = {"lengths": [], "fresh": 0, "training": 0, "gradients": 0}

    def forward(self, ids: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """Return logits (B, T, V) and the place (B,) it has come to."""
        self.record["lengths"].append(ids.shape[-1])
        self.record["fresh"] += state is None
        self.record["training"] += self.training
        self.record["gradients"] += torch.is_grad_enabled()
        place = torch.zeros(len(ids), dtype=torch.int64) if state is None else state
        places = []
        for column in ids.unbind(1):
            place = walk(place, column)
            places.append(place)
        return self.table[torch.stack(places, 1)], place


class ReadingLM(nn.Module):
    """Predicts by all that it has read, each token and their order: its state is the text.

    Args:
        table: logits (MODULUS, V) of every place that `walk` leads to.

    Attributes:
        record: how many ids each call had; whether some call was with ``gradients``; ``read``:
            the numbers of what the last call has read, from the start of its state.
    """

    def __init__(self, table: np.ndarray) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.as_tensor(table))
        self.record: dict[str, Any] = {"lengths": [], "gradients": False, "read": []}

    def forward(self, ids: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """Return logits (B, T, V), and all that was read (B, tokens)."""
        before = ids[:, :0] if state is None else state
        read = torch.cat([before, ids], 1)
        place, places = torch.zeros(len(ids), dtype=torch.int64), []
        for column in read.unbind(1):
            place = walk(place, column)
            places.append(place)
        self.record["lengths"].append(ids.shape[1])
        self.record["gradients"] |= torch.is_grad_enabled()
        self.record["read"] = read[0].tolist()
        return self.table[torch.stack(places, 1)[:, before.shape[1] :]], read


class ConstantLM(nn.Module):
    """Predicts the same whatever it reads: logits (V,)."""

    def __init__(self, logits: np.ndarray) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.as_tensor(logits))
        self.record: dict[str, Any] = {}

    def forward(self, ids: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """Return logits (B, T, V), and the last tokens (B,) as a state."""
        return self.logits.expand(*ids.shape, -1), ids[:, -1]


def walk(place: Any, token: Any) -> Any:
    """Return the place after a token."""
    return (5 * place + 3 * token + 1) % MODULUS


@measuring
def begun(written: Any, prefix: str) -> dict[str, Any]:
    """Tell whether a text begins with the prefix, and how many characters are new."""
    if not isinstance(written, str):
        if written is None:
            raise TypeError("no text")
        return {"text": False}
    begins = written.startswith(prefix)
    new = written[len(prefix) :] if begins else written
    return {"text": True, "begins": begins, "new": len(new.replace("<unk>", "?"))}


@measuring
def wrote(written: str, prefix: str, n: int) -> str:
    """Return the first n - 1 new characters, whether or not the prefix stands before them."""
    new = written[len(prefix) :] if written.startswith(prefix) else written
    return new[: n - 1]


@measuring
def fed(written: str, prefix: str, record: dict[str, Any], tokens: Sequence[str]) -> str:
    """Tell whether a model has read the prefix and each character that was written."""
    new = written[len(prefix) :] if written.startswith(prefix) else written
    read = "".join(tokens[number] for number in record["read"])
    length = min(len(read), len(prefix + new))
    whole = length >= len(prefix + new) - 1 and (prefix + new)[:length] == read
    return "what was written" if whole else "something else"


@measuring
def one_a_call(record: dict[str, Any], prefix: str, n: int) -> bool:
    """Tell whether the model got single tokens after the prefix, and nothing over and over."""
    lengths = record["lengths"]
    over, total = 0, 0
    for length in lengths:
        over += length > 1 and total >= len(prefix)
        total += length
    return over < 2 and total <= 2 * (len(prefix) + n)


@measuring
def law(
    written: str, prefix: str, tokens: Sequence[str], logits: Any, temperature: float, draws: int
) -> str:
    """Say by which law the characters after the prefix were drawn.

    The right one is refused where chance explains the counts less than once in a hundred million
    times; another is said where it explains them once in a thousand times.
    """
    new = written[len(prefix) :] if written.startswith(prefix) else written
    counts = np.array([new.count(token) for token in tokens])
    if new and not new.strip("0123456789 ,[]"):
        return "numbers in place of characters"
    if len(new) < draws - 1:
        return "too few characters"
    if counts[1:].sum() < len(new) / 2:
        return "mostly <unk>, the least likely of all"
    z = np.asarray(logits, dtype=float)
    if counts[z.argmax()] == counts.sum() and _softmax(z / temperature).max() < 0.95:
        return "always the likeliest"
    if _fits(counts, z / temperature, 1e-8):
        return "softmax(logits / temperature)"
    laws = {
        "softmax(logits)": z,
        "softmax(logits * temperature)": z * temperature,
        "all alike": np.where(z > z.max() - NEVER / 2, 0.0, z),
    }
    found = next((name for name, scores in laws.items() if _fits(counts, scores, 1e-3)), "")
    if not found and _fits(counts, 0 * z, 1e-3):  # <unk> among them
        return "all alike"
    if found:
        return found
    came, asked = (share @ z for share in (counts / counts.sum(), _softmax(z / temperature)))
    if came < z[1:].mean():
        return "the unlikely more often"
    return "wilder than asked for" if came < asked else "surer than asked for"


def _softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()


def _fits(counts: np.ndarray, scores: np.ndarray, chance: float) -> bool:
    from scipy.stats import chi2

    expected = _softmax(scores) * counts.sum()
    rare = expected < 5  # chi-square needs a few of each: rare ones are counted together
    pooled = np.append(expected[~rare], expected[rare].sum())
    came = np.append(counts[~rare], counts[rare].sum())
    statistic = ((came - pooled) ** 2 / np.maximum(pooled, 0.5)).sum()
    return bool(chi2.sf(statistic, max(len(pooled) - 1, 1)) > chance)


class Once:
    """Batches that can be gone through once only, as those of a generator."""

    def __init__(self, batches: list) -> None:
        self._left = [tuple(batch) for batch in batches]

    def __iter__(self) -> "Once":
        return self

    def __next__(self) -> tuple:
        if not self._left:
            raise StopIteration
        return self._left.pop(0)


class Bend(nn.Module):
    """Forecasts a series by a known recurrence; its state is a pair, as an LSTM's.

    h' = tanh(a h + b x + c), m' = m / 2 + x, and the forecast is d h' + e m' + f.

    Attributes:
        used: whether it was ever called in training mode, and with gradients.
    """

    def __init__(self, numbers: tuple[float, ...]) -> None:
        super().__init__()
        self.numbers = nn.Parameter(torch.tensor(numbers, dtype=torch.float64))
        self.used = {"training": False, "gradients": False}

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return forecasts (B, T) of the next values of x (B, T), and the state."""
        self.used["training"] |= self.training
        self.used["gradients"] |= torch.is_grad_enabled()
        if state is None:
            state = (x.new_zeros(1, len(x), 1),) * 2
        h, memory = (part[0, :, 0] for part in state)
        forecasts = []
        for value in x.unbind(1):
            forecast, h, memory = bend(self.numbers, value, h, memory, torch.tanh)
            forecasts.append(forecast * (TRAINING_SCALE if self.training else 1.0))
        return torch.stack(forecasts, 1), (h[None, :, None], memory[None, :, None])


def bend(numbers: Any, value: Any, h: Any, memory: Any, tanh: Any) -> tuple[Any, Any, Any]:
    """Return the forecast and the state after a value."""
    a, b, c, d, e, f = numbers
    h = tanh(a * h + b * value + c)
    memory = memory / 2 + value
    return d * h + e * memory + f, h, memory


class Stopwatch(nn.Module):
    """A layer whose calls take a known time by a clock that stands in for all others.

    Args:
        first: seconds of the first call.
        later: seconds of the later calls, over and over: so many calls in a row have the same
            median wherever they begin.
        back: seconds of every way back.
    """

    def __init__(self, first: float, later: Sequence[float], back: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(()))
        self.first, self.later, self.back = first, tuple(later), back
        self.clock = Clock()
        self.read_before = False
        self.gradients: list[bool] = []
        self.went_back: set[int] = set()
        self.of_the_sum = True

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the input times a weight, and something like a state."""
        count = len(self.gradients)
        if not count:
            self.read_before = self.clock.reads > 0
        self.clock.now += self.later[(count - 1) % len(self.later)] if count else self.first
        self.gradients.append(torch.is_grad_enabled())
        output = x * self.weight
        if output.requires_grad:
            output.register_hook(partial(self._go_back, count))
        return output, x[:, -1]

    def _go_back(self, call: int, gradient: Tensor) -> None:
        self.clock.now += self.back
        self.went_back.add(call)
        self.of_the_sum &= bool((gradient == 1).all())

    def timed(self, function: Callable, x: Tensor, training: bool, *repeats: int) -> dict[str, Any]:
        """Let a function measure this layer; say what it did, and what it returned.

        Where it has not made the calls that it was to make, its result says nothing.
        """
        with self.clock.instead_of_all(function):
            seconds = function(self, x, training, *repeats)
        asked = repeats[0] if repeats else 20
        calls = self._calls(asked)
        last = range(max(0, len(self.gradients) - asked), len(self.gradients))
        return {
            "calls": calls,
            "back": _share(self.went_back.intersection(last), last),
            "gradients": not training and any(self.gradients[1:]),
            "of_the_sum": self.of_the_sum,
            "seconds": seconds if calls == _ENOUGH else None,
        }

    def _calls(self, asked: int) -> str:
        made = len(self.gradients)
        if made < asked or (made == asked and not self.read_before):
            return "fewer than repeats"
        if made == asked:
            return "none before the clock starts"
        return _ENOUGH if made <= asked + _SPARE else "many more than repeats"


_ENOUGH, _SPARE = "one before the clock starts, then repeats", 4


def _share(some: set[int], of: Sequence[int]) -> str:
    """Say how many of the calls it is."""
    return "in none" if not some else "in every call" if len(some) == len(of) else "in some calls"
