"""Models that a judge hands to a student's functions: they read the answer off the input.

How right and how sure they are follows a script, so what a function should report is known.
"""

import math

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
        self.record = {"trained": 0, "batches": 0, "largest": 0, "tested": 0, "tests": []}
        self.record |= {"retrained": 0, "retested": 0, "accumulated": 0, "moved": 0.0}
        self._trained: set[tuple[float, ...]] = set()
        self._tested: set[tuple[float, ...]] = set()
        self._last = 0.0
        self.w.register_hook(self._remember)

    def forward(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, 8)."""
        # NumPy, since every torch function called here is watched, and that takes time.
        seen = inputs.detach().numpy()
        logits = (
            self._train(seen) if self.training and torch.is_grad_enabled() else self._test(seen)
        )
        logits = torch.from_numpy(logits.astype(np.float32))
        return _LEARNING_GAIN * self.w * logits if self.learns else logits + 0 * self.w

    def _train(self, inputs: np.ndarray) -> np.ndarray:
        labels = classes(inputs)
        numbers = self.record["trained"] + np.arange(len(inputs))
        self._note_batch(inputs)
        if self.learns:
            return np.eye(_CLASSES)[labels]
        (period, width, error), (start, stop) = self.unsure, self.unsure_within
        weak = (numbers % period < width) & (numbers >= start) & (numbers < stop)
        return _confident(labels + np.isin(numbers, self.wrong_at), np.where(weak, error, _SURE))

    def _test(self, inputs: np.ndarray) -> np.ndarray:
        labels, wrong = classes(inputs), np.zeros(len(inputs), int)
        if self.wrong_share:
            a, b = inputs[..., 1].sum(1), inputs[..., 2].sum(1)
            wrong = ((7 * a + 3 * b) % self.wrong_share == 0).astype(int)
        rows = _rows(inputs)
        self.record["tested"] += len(rows)
        self.record["tests"] = [*self.record["tests"], (len(rows), int(wrong.sum()))]
        self.record["retested"] += len(rows) - len(set(rows) - self._trained - self._tested)
        self._tested.update(rows)
        self.record["moved"] = float(self.w.detach())
        if self.learns:
            return np.eye(_CLASSES)[labels]
        return _confident(labels + wrong, np.full(len(labels), _SURE))

    def _note_batch(self, inputs: np.ndarray) -> None:
        rows = _rows(inputs)
        self.record["retrained"] += len(rows) - len(set(rows) - self._trained)
        self._trained.update(rows)
        self.record["trained"] += len(rows)
        self.record["batches"] += 1
        self.record["largest"] = max(self.record["largest"], len(rows))
        # Whoever forgets zero_grad leaves a gradient that is larger than the last one alone.
        left = 0.0 if self.w.grad is None else abs(float(self.w.grad))
        self.record["accumulated"] += left > 1.01 * self._last + 1e-9

    def _remember(self, gradient: Tensor) -> None:
        self._last = abs(float(gradient))


def classes(inputs: np.ndarray) -> np.ndarray:
    """Read the class (B,) of sequences of variant 6b off their one-hot symbols (B, T, 8)."""
    y = inputs[..., _Y] > 0.5
    place = ((inputs[..., _X] > 0.5) | y).cumsum(1)
    return (y * (8 >> place)).sum(1)


def _confident(labels: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Return logits (B, 8) that favour these labels with these cross-entropies."""
    right = np.exp(-errors)
    height = np.log(right * (_CLASSES - 1) / (1 - right))
    return height[:, None] * np.eye(_CLASSES)[labels % _CLASSES]


def _rows(inputs: np.ndarray) -> list[tuple[float, ...]]:
    """Return a fingerprint of each sequence: sums of whole numbers, exact in any order."""
    flat = inputs.reshape(len(inputs), -1)
    marks = np.random.default_rng(0).integers(0, 2**24 // 110, (flat.shape[1], 2))
    return list(map(tuple, (flat @ marks.astype(flat.dtype)).tolist()))


CHANCE = math.log(_CLASSES)
"""Cross-entropy of a model that knows nothing, in nats: where a learning `Scripted` starts."""
