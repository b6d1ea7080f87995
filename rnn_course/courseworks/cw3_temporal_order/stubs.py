"""Models that a judge hands to a student's functions: they read the answer off the input.

How right and how sure they are follows a script, so what a function should report is known.
"""

import math
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnn_course.checks.measuring import measuring
from rnn_course.courseworks.cw3_temporal_order.step_watch import StepWatch, weakly

_X, _Y, _CLASSES = 5, 6, 8
_LEARNING_GAIN = 1000.0
_SURE = 0.001
_WHOLE_TEST = 2560


class StepLogits(nn.Module):
    """Logits (B, T, K) for every step: the inputs (B, T, D) times a matrix (D, K)."""

    def __init__(self, matrix: np.ndarray) -> None:
        super().__init__()
        self.matrix = nn.Parameter(torch.as_tensor(matrix))

    def forward(self, inputs: Tensor) -> Tensor:
        """Return logits for every step."""
        return inputs @ self.matrix


class Scripted(nn.Module):
    """Knows the class of every sequence of variant 6b, and errs where its script says so.

    Training is what happens in training mode with gradients. A batch may be looked at more than
    once, with or without gradients: it counts once, and gets the same logits each time.

    What a call is for shows only later, so the model remembers what it was last asked (`_asked`):

    - ``batch``: sequences in training mode, with gradients. They are trained on.
    - ``gone``: then a gradient came back through the parameter, so the batch is done.
    - ``again``: the same sequences once more, in either mode. A second look, unless another
      gradient comes back: then it was a further batch, equal to the one before.
    - ``peek``: other sequences in training mode without gradients. A test by someone who forgot
      ``eval()``, unless the same come with gradients next: then it was a look at a batch, and what
      was noted of a test is taken back.
    - ``test``: sequences in evaluation mode.

    Args:
        wrong_at: numbers, from 0, of training sequences that it gets wrong.
        unsure: (period, width, error): in each period that many training sequences, from the
            first on, have this cross-entropy instead of a small one.
        unsure_within: and only training sequences from the first number up to the second.
        wrong_share: one in that many test sequences is wrong, in the order in which they come; 0:
            none. Training sequences are known. Whoever tests again with the same weights after a
            whole test is lucky once: nothing is wrong.
        learns: start knowing nothing, and become sure as the parameters grow.
        lr: an attribute of that name, if not None.
    """

    def __init__(
        self,
        wrong_at: tuple = (),
        unsure: tuple = (1, 0, 0.0),
        unsure_within: tuple[int, int] = (0, 10**9),
        wrong_share: int = 0,
        learns: bool = False,
        lr: float | None = None,
    ) -> None:
        super().__init__()
        # Two of two numbers: so a norm is neither that of each number nor that of each parameter.
        self.w, self.v = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))
        if lr is not None:
            self.lr = lr
        self.wrong_at, self.unsure, self.unsure_within = wrong_at, unsure, unsure_within
        self.wrong_share, self.learns = wrong_share, learns
        self.record: dict[str, Any] = dict.fromkeys(_COUNTS, 0) | {"tests": [], "losses": []}
        self._watch = StepWatch([self.w, self.v])
        self._trained: set[tuple[float, ...]] = set()
        self._tested: dict[tuple[float, ...], bool] = {}
        self._seen: list[tuple[float, ...]] = []
        self._last = self._weight = 0.0
        self._steps = self._since_training = 0
        self._asked = "nothing"
        self.w.register_hook(weakly(self._remember))

    def forward(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, 8)."""
        # NumPy, since every torch function called here is watched, and that takes time.
        seen = inputs.detach().numpy()
        rows = _rows(seen)
        self.record["drawn"] += hash(tuple(rows)) % 2**31
        self.record["moved"] = self._gain()
        watch = self._watch
        self.record["gradients"], self.record["rates"] = watch.gradients, watch.rates
        self.record["restarts"] = watch.restarts
        made = watch.steps - self._steps
        if self._asked == "test" or not self.training:  # one step belongs to the batch before
            self.record["steps_in_test"] += max(0, made - (self._asked != "test"))
        self._steps = watch.steps
        filled = seen @ np.ones(seen.shape[-1], seen.dtype) > 0  # any(-1) takes far longer
        self.record["misread"] += int((np.asarray(lengths) != filled.sum(1)).sum())
        known = rows == self._seen and self._asked in ("gone", "again")  # no test, in any mode
        logits = self._train(seen, rows) if self.training or known else self._test(seen, rows)
        self._seen = rows
        answer = torch.from_numpy(logits.astype(np.float32))
        gain = self.w.sum() + self.v.sum()
        return _LEARNING_GAIN * gain * answer if self.learns else answer + 0 * gain

    def _gain(self) -> float:
        return float(self.w.detach().numpy().sum() + self.v.detach().numpy().sum())

    def _train(self, inputs: np.ndarray, rows: list) -> np.ndarray:
        labels, again = classes(inputs), rows == self._seen and self._asked != "test"
        if torch.is_grad_enabled() and (self._asked == "peek" or not again):
            if again:
                self._forget_peek(rows)
            self._note_batch(rows)
            self._asked = "batch"
        elif not again:
            self._asked = "peek"
        elif self._asked == "gone":
            self.record["relooked"] += self._weight != self._gain()
            self._asked = "again"
        start = self.record["trained"] - len(rows) * (self._asked != "peek")
        numbers = start + np.arange(len(rows))
        (period, width, error), (first, stop) = self.unsure, self.unsure_within
        weak = (numbers % period < width) & (numbers >= first) & (numbers < stop)
        wrong = np.isin(numbers, self.wrong_at)
        if self._asked == "peek" and not again:
            # Nobody knows yet whether this is a batch or a test: a test is larger.
            wrong = wrong | (self._fails(rows) if len(rows) > self.record["largest"] else False)
            self._note_test(rows, wrong)
            self.record["unfrozen"] += len(rows)
        if self.learns:
            return np.eye(_CLASSES)[labels]
        return _confident(labels + wrong, np.where(weak, error, _SURE))

    def _test(self, inputs: np.ndarray, rows: list) -> np.ndarray:
        labels, wrong = classes(inputs), self._fails(rows)
        again = self._asked == "test" and rows == self._seen
        self.record["repeated"] += len(rows) * again
        self.record["graded"] += len(rows) * torch.is_grad_enabled()
        self._note_test(rows, wrong, again)
        self._asked = "test"
        if self.learns:
            return np.eye(_CLASSES)[(labels + wrong) % _CLASSES]
        return _confident(labels + wrong, np.full(len(labels), _SURE))

    def _note_test(self, rows: list, wrong: np.ndarray, again: bool = False) -> None:
        # one by one: a difference of sets would go through all that was ever tested
        fresh = {row for row in rows if row not in self._tested and row not in self._trained}
        self.record["retested"] += len(rows) - len(fresh)
        self._tested.update(zip(rows, wrong.tolist(), strict=True))
        self.record["tested"] += len(rows)
        self._since_training += len(rows) * (not again)
        self.record["tests"] = [*self.record["tests"], (len(rows), int(wrong.sum()), again)]

    def _forget_peek(self, rows: list) -> None:
        for row in rows:
            self._tested.pop(row, None)
        self.record["unfrozen"] -= len(rows)
        self.record["tested"] -= len(rows)
        self.record["tests"] = self.record["tests"][:-1]

    def _fails(self, rows: list) -> np.ndarray:
        """Tell which of the sequences a test finds wrong (B,)."""
        if not self.wrong_share:
            return np.zeros(len(rows), bool)
        first, share = self._since_training, self.wrong_share
        lucky = _WHOLE_TEST <= first < 2 * _WHOLE_TEST
        self.record["lucky"] += lucky and rows != self._seen
        due = ((first + np.arange(len(rows))) % share == share // 2) & (not lucky)
        if self._tested.keys().isdisjoint(rows) and self._trained.isdisjoint(rows):
            return due
        known = self._tested | dict.fromkeys(self._trained, False)
        return np.array([known.get(row, wrong) for row, wrong in zip(rows, due, strict=True)])

    def _note_batch(self, rows: list) -> None:
        self.record["retrained"] += len(rows) - len(set(rows) - self._trained)
        self._trained.update(rows)
        self.record["trained"] += len(rows)
        self.record["batches"] += 1
        self._since_training = 0
        self.record["largest"] = max(self.record["largest"], len(rows))
        self._weight = self._gain()
        height = _LEARNING_GAIN * self._weight
        self.record["losses"].append(float(np.logaddexp(height, math.log(_CLASSES - 1)) - height))
        # Whoever forgets zero_grad leaves a gradient that is larger than the last one alone.
        left = 0.0 if self.w.grad is None else float(self.w.grad.abs().sum())
        self.record["accumulated"] += left > 1.01 * self._last + 1e-9

    def _remember(self, gradient: Tensor) -> None:
        self._last = float(gradient.abs().sum())
        self.record["trained_on_test"] += self._asked == "test"
        if self._asked == "again":  # so it was no second look, but a batch like the one before
            self.record["relooked"] -= self._weight != self._gain()
            self._note_batch(self._seen)
        self._asked = "gone"


_COUNTS = (
    "trained",
    "batches",
    "largest",
    "retrained",
    "relooked",
    "accumulated",
    "tested",
    "retested",
    "repeated",
    "graded",
    "unfrozen",
    "trained_on_test",
    "steps_in_test",
    "lucky",
    "moved",
    "misread",
    "drawn",
)


def classes(inputs: np.ndarray) -> np.ndarray:
    """Read the class (B,) of sequences of variant 6b off their one-hot symbols (B, T, 8).

    Three symbols are X or Y. Read as a binary number, X being 0 and Y being 1, they are the class:
    `place` counts them 1, 2, 3 from left to right, and a Y there is worth 8 >> place: 4, 2 or 1.
    """
    y = inputs[..., _Y] > 0.5
    place = ((inputs[..., _X] > 0.5) | y).cumsum(1)
    return (y * (8 >> place)).sum(1)


def _confident(labels: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Return logits (B, 8) that favour these labels with these cross-entropies.

    One logit a and K - 1 zeros: the softmax gives the label p = e^a / (e^a + K - 1), and its
    cross-entropy is e = -log p. So p = e^-e, and a = log(p (K - 1) / (1 - p)).
    """
    right = np.exp(-errors)
    height = np.log(right * (_CLASSES - 1) / (1 - right))
    return height[:, None] * np.eye(_CLASSES)[labels % _CLASSES]


def _rows(inputs: np.ndarray) -> list[tuple[float, ...]]:
    """Return a fingerprint of each sequence (B,): three sums of random marks where it has a one.

    A sequence has at most 110 ones, and a mark is below 2^24 / 110: every sum is a whole number
    below 2^24, which float32 holds exactly, in whatever order a processor adds them up and whatever
    other sequences are in the batch. So one sequence has one fingerprint on every machine.
    """
    flat = inputs.reshape(len(inputs), -1)
    return list(map(tuple, (flat @ _marks(flat.shape[1]).astype(flat.dtype)).tolist()))


@cache
def _marks(length: int) -> np.ndarray:
    """Return the random marks (length, 3) of `_rows`."""
    return np.random.default_rng(0).integers(0, 2**24 // 110, (length, 3))


CHANCE = math.log(_CLASSES)
"""Cross-entropy of a model that knows nothing, in nats: where a learning `Scripted` starts."""


_WORTH = np.repeat(np.array([4, 2, 1], np.float32), [33, 33, 44])  # of a Y, by its step
_MARKS = np.random.default_rng(0).integers(0, 2**24 // 32, (32 * _CLASSES, 2)).astype(np.float32)
_TALLIES = ("shown", "again", "repeated", "drawn")


class Examined(nn.Module):
    """Errs at places in the order of what it is shown, so that the counts are known beforehand.

    What is shown again at once counts once, and gets the same logits.

    Args:
        counts: how many of the first `n` sequences are wrong, of the next `n`, and so on, over
            and over.
        n: sequences of a trial.

    Attributes:
        record: how many sequences it was ``shown``, how many of them ``again``, and how many
            ``repeated`` at once; how many were ``wrong`` in each call; whether some came in
            ``training`` mode, with ``gradients``, or ``misread``: with lengths that are not
            theirs; ``drawn``: a fingerprint of all.
    """

    def __init__(self, counts: tuple[int, ...], n: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.zeros(()))
        self.counts, self.n = counts, n
        flags = dict.fromkeys(("training", "gradients", "misread"), False)
        self.record: dict[str, Any] = dict.fromkeys(_TALLIES, 0) | flags | {"wrong": []}
        self._known: set[int] = set()
        self._last: tuple[bytes, np.ndarray] = (b"", np.empty(0))

    def forward(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, 8)."""
        seen, record = inputs.detach().numpy(), self.record
        prints = _prints(seen)
        if prints.tobytes() != self._last[0]:
            self._last = prints.tobytes(), self._fails(len(prints))
            self._note(prints)
        else:
            record["repeated"] += len(prints)
        record["wrong"] = [*record["wrong"], int(self._last[1].sum())]
        record["training"] |= self.training
        record["gradients"] |= torch.is_grad_enabled()
        filled = seen @ np.ones(seen.shape[-1], seen.dtype) > 0
        record["misread"] |= bool((np.asarray(lengths) != filled.sum(1)).any())
        guess = ((seen[:, :, _Y] @ _WORTH).astype(int) + self._last[1]) % _CLASSES
        return torch.from_numpy(np.eye(_CLASSES, dtype=np.float32)[guess]) + 0 * self.w

    def _fails(self, size: int) -> np.ndarray:
        """Say which of the next sequences are wrong (B,): evenly spread over each trial."""
        places = self.record["shown"] + np.arange(size)
        counts = np.array(self.counts)[places // self.n % len(self.counts)]
        return (places % self.n) * counts % self.n < counts

    def _note(self, prints: np.ndarray) -> None:
        new = set(prints.tolist()) - self._known
        self._known |= new
        self.record["again"] += len(prints) - len(new)
        self.record["shown"] += len(prints)
        self.record["drawn"] = (self.record["drawn"] + int(prints.sum())) % 2**31


def _prints(inputs: np.ndarray) -> np.ndarray:
    """Return a number for each sequence (B,), sums of whole numbers, exact in any order."""
    part = inputs[:, 10:42]  # so many letters at random tell any two apart
    sums = (part.reshape(len(part), len(_MARKS)) @ _MARKS).astype(np.int64)
    return sums[:, 0] * 2**24 + sums[:, 1]


@measuring
def predicted(record: dict[str, Any], trials: int, n: int) -> dict[str, Any]:
    """Tell whether as many sequences as asked for were predicted, and all of them new ones."""
    shown, again, asked = record["shown"], record["again"], trials * n
    if shown < asked <= shown + record["repeated"]:  # one set for all trials: no second look
        shown, again = asked, record["repeated"]
    how_many = "as many as asked for" if shown == asked else "fewer" if shown < asked else "more"
    return {"how_many": how_many, "fresh": again == 0}


@measuring
def how_many(result: Any) -> int:
    """Return how many numbers came back."""
    return len([float(number) for number in result])


@measuring
def as_told(result: Any, record: dict[str, Any], trials: int) -> dict[str, bool]:
    """Tell whether a mean and a spread are those of what a model was told, call by call.

    For results of other trials than were asked for: each call is one.
    """
    counts, (mean, spread) = np.array(record["wrong"]), map(float, result)
    if len(counts) == 2 * trials:  # each was looked at twice
        counts = counts[::2] if (counts[::2] == counts[1::2]).all() else counts
    with np.errstate(all="ignore"):
        ok = abs(mean - counts.sum() / max(len(counts), 1)) < 1e-5 and len(counts) > 0
        wide = len(counts) > 1 and abs(spread - counts.std(ddof=1)) < 1e-5
    return {"mean": bool(ok), "spread": bool(wide)}
