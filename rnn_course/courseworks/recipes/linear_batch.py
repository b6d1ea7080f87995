"""A batch for the training step of coursework 3, on a model whose logits are known."""

from typing import Any

import numpy as np
import torch
from torch import Tensor as T

from rnn_course.checks.requests import Build, Call, Program
from rnn_course.checks.values import Ref, Tensor

_B, _T, _D, _K = 12, 9, 4, 8
FLOOR = float(-(np.log(1 / 8) / 8 + 7 / 8 * np.log(7 / 8)))


class Batch:
    """A batch, and a model that is linear at each step, so that its logits are known."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.inputs = rng.normal(size=(_B, _T, _D))
        self.matrix = rng.normal(size=(_D, _K))
        self.lengths = rng.permutation(np.concatenate([[_T, _T], rng.integers(2, _T, _B - 2)]))
        self.labels = rng.integers(0, _K, _B)
        # Two in three are right at the end, so that counting at another step is noticed.
        ends = (self.inputs @ self.matrix)[np.arange(_B), self.lengths - 1]
        self.labels[: 2 * _B // 3] = ends.argmax(1)[: 2 * _B // 3]
        self.labels[-2:] = ends.argsort(1)[-2:, -2]  # and two come second: that is not right
        self.one_hot = np.eye(_K)[self.labels]

    def program(self, cotangents: Any) -> Program:
        """Ask for one training step."""
        batch = (
            Tensor.of(self.inputs, requires_grad=True),
            Tensor.of(self.lengths),
            Tensor.of(self.one_hot),
        )
        build = Build(
            "StepLogits", (self.matrix,), given="rnn_course.courseworks.cw3_temporal_order.stubs"
        )
        return Program((build, Call("training_step", (Ref(0), batch), cotangents=cotangents)))

    def tensors(self) -> tuple[T, T, T, T]:
        """Return logits (B, T, K), lengths, labels and one-hot labels."""
        logits = torch.from_numpy(self.inputs @ self.matrix)
        lengths, labels, one_hot = map(torch.from_numpy, (self.lengths, self.labels, self.one_hot))
        return logits, lengths, labels, one_hot
