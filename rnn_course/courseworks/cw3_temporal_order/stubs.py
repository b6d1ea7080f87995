"""Models that a judge hands to a student's functions: they read the answer off the input.

How right and how sure they are follows a script, so what a function should report is known.
"""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

_X, _Y, _CLASSES = 5, 6, 8
_LEARNING_GAIN = 1000.0
_SURE = 0.001


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
    - ``again``: the same sequences once more. A second look, unless another gradient comes back:
      then it was a further batch, equal to the one before.
    - ``peek``: other sequences in training mode without gradients. A test by someone who forgot
      ``eval()``, unless the same come with gradients next: then it was a look at a batch, and what
      was noted of a test is taken back.
    - ``test``: sequences in evaluation mode.

    Args:
        wrong_at: numbers, from 0, of training sequences that it gets wrong.
        unsure: (period, width, error): in each period that many training sequences, from the
            first on, have this cross-entropy instead of a small one.
        unsure_within: and only training sequences from the first number up to the second.
        wrong_share: one in that many test sequences is wrong, chosen by what it contains; 0: none.
        learns: start knowing nothing, and become sure as the only parameter grows.
    """

    def __init__(
        self,
        wrong_at: tuple = (),
        unsure: tuple = (1, 0, 0.0),
        unsure_within: tuple[int, int] = (0, 10**9),
        wrong_share: int = 0,
        learns: bool = False,
    ) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.zeros(()))
        self.wrong_at, self.unsure, self.unsure_within = wrong_at, unsure, unsure_within
        self.wrong_share, self.learns = wrong_share, learns
        self.record: dict[str, Any] = dict.fromkeys(_COUNTS, 0) | {"tests": [], "moved": 0.0}
        self._trained: set[tuple[float, ...]] = set()
        self._tested: set[tuple[float, ...]] = set()
        self._seen: list[tuple[float, ...]] = []
        self._last = self._weight = 0.0
        self._asked = "nothing"
        self.w.register_hook(self._remember)

    def forward(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, 8)."""
        # NumPy, since every torch function called here is watched, and that takes time.
        seen = inputs.detach().numpy()
        rows = _rows(seen)
        self.record["drawn"] += hash(tuple(rows)) % 2**31
        self.record["moved"] = float(self.w.detach())
        filled = seen @ np.ones(seen.shape[-1], seen.dtype) > 0  # any(-1) takes far longer
        self.record["misread"] += int((np.asarray(lengths) != filled.sum(1)).sum())
        logits = self._train(seen, rows) if self.training else self._test(seen, rows)
        self._seen = rows
        answer = torch.from_numpy(logits.astype(np.float32))
        return _LEARNING_GAIN * self.w * answer if self.learns else answer + 0 * self.w

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
            self.record["relooked"] += self._weight != float(self.w.detach())
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
        self.record["retested"] += len(rows) - len(set(rows) - self._trained - self._tested)
        self._tested.update(rows)
        self.record["tested"] += len(rows)
        self.record["tests"] = [*self.record["tests"], (len(rows), int(wrong.sum()), again)]

    def _forget_peek(self, rows: list) -> None:
        self._tested.difference_update(rows)
        self.record["unfrozen"] -= len(rows)
        self.record["tested"] -= len(rows)
        self.record["tests"] = self.record["tests"][:-1]

    def _fails(self, rows: list) -> np.ndarray:
        """Tell which of the sequences a test finds wrong (B,), by their fingerprints."""
        marks = np.array([row[0] for row in rows])
        return (marks % self.wrong_share == 0) if self.wrong_share else np.zeros(len(rows), bool)

    def _note_batch(self, rows: list) -> None:
        self.record["retrained"] += len(rows) - len(set(rows) - self._trained)
        self._trained.update(rows)
        self.record["trained"] += len(rows)
        self.record["batches"] += 1
        self.record["largest"] = max(self.record["largest"], len(rows))
        self._weight = float(self.w.detach())
        # Whoever forgets zero_grad leaves a gradient that is larger than the last one alone.
        left = 0.0 if self.w.grad is None else abs(float(self.w.grad))
        self.record["accumulated"] += left > 1.01 * self._last + 1e-9

    def _remember(self, gradient: Tensor) -> None:
        self._last = abs(float(gradient))
        self.record["trained_on_test"] += self._asked == "test"
        if self._asked == "again":  # so it was no second look, but a batch like the one before
            self.record["relooked"] -= self._weight != float(self.w.detach())
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
    """Return a fingerprint of each sequence (B,): two sums of random marks where it has a one.

    A sequence has at most 110 ones, and a mark is below 2^24 / 110: every sum is a whole number
    below 2^24, which float32 holds exactly, in whatever order a processor adds them up and whatever
    other sequences are in the batch. So one sequence has one fingerprint on every machine.
    """
    flat = inputs.reshape(len(inputs), -1)
    marks = np.random.default_rng(0).integers(0, 2**24 // 110, (flat.shape[1], 2))
    return list(map(tuple, (flat @ marks.astype(flat.dtype)).tolist()))


CHANCE = math.log(_CLASSES)
"""Cross-entropy of a model that knows nothing, in nats: where a learning `Scripted` starts."""
