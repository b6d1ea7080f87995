"""Judges the repaired training step, and the floor of the broken one's loss."""

from typing import Any

import numpy as np
import torch
from torch import Tensor as T
from torch.nn import functional as F

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, close, shown, unsound, usable
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Build, Call, Describe, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Tensor, plain
from rnn_course.courseworks.cw3_temporal_order import training_mistakes as m
from rnn_course.seeding import numpy_generator

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
        return logits, *map(torch.from_numpy, (self.lengths, self.labels, self.one_hot))


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``training_step`` and ``floor``."""
    _judge_floor(subject, marking)
    if not usable(subject, marking, "training_step", ("model", "batch"), "function"):
        return
    batch = Batch(numpy_generator(seed, "the_bug"))
    outcome = subject.ask(batch.program(None))[-1]
    loss, count, wrong = _parts(outcome)
    if wrong:
        marking.fail_rest(*wrong)
        return
    _judge_loss(batch, loss, marking)
    _judge_count(batch, count, marking)
    _judge_gradient(batch, subject.ask(batch.program((1.0, None)))[-1], marking)


def _parts(outcome: Outcome) -> tuple[Any, Any, Finding | None]:
    if outcome.error or outcome.value is None:
        return None, None, unsound(outcome, None, "The result")
    value = outcome.value
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return None, None, Finding(f"It returned {shown(value)}.", m.NO_PAIR)
    if getattr(value[1], "requires_grad", False) and not getattr(value[0], "requires_grad", False):
        return None, None, Finding("The loss stands in the second place.", m.NO_PAIR)
    return *value, unsound(outcome, (), "loss", path=(0,))


def _at(logits: T, steps: T) -> T:
    return logits[torch.arange(len(logits)), steps]


def _right_loss(batch: Batch) -> T:
    logits, lengths, labels, _ = batch.tensors()
    return F.cross_entropy(_at(logits, lengths - 1), labels)


def _known_losses(batch: Batch) -> list[tuple[T, Misconception]]:
    z, n, k, hot = batch.tensors()
    end = _at(z, n - 1)
    valid = torch.arange(_T) < n[:, None]
    every = F.cross_entropy(z.transpose(1, 2), k[:, None].expand(-1, _T), reduction="none")
    per_sequence = (every * valid).sum(1) / n
    return [
        (F.cross_entropy(z, hot.long()), m.TIME_AS_CLASS),
        (F.cross_entropy(z[:, -1], k), m.STEP_LAST_PADDED),
        (F.cross_entropy(z[:, 0], k), m.STEP_OTHER),
        (F.cross_entropy(_at(z, n - 2), k), m.STEP_OTHER),
        (F.cross_entropy(_at(z, n.clamp(max=_T - 1)), k), m.STEP_OTHER),
        (F.cross_entropy(_at(z, n % _T), k), m.STEP_OTHER),
        (F.cross_entropy(z[:, n.max() - 1], k), m.STEP_OTHER),
        (every.mean(), m.STEP_ALL),
        (every[valid].mean(), m.STEP_ALL),
        (per_sequence.mean(), m.STEP_ALL),
        (F.cross_entropy(z.mean(1), k), m.STEP_ALL),
        (F.cross_entropy((z * valid[..., None]).sum(1) / n[:, None], k), m.STEP_ALL),
        (F.cross_entropy(end, k, reduction="sum"), m.LOSS_SUMMED),
        (F.cross_entropy(end.softmax(1), k), m.LOSS_SOFTMAX_TWICE),
        (F.nll_loss(end, k), m.LOSS_OTHER),
        (F.nll_loss(end.softmax(1), k), m.LOSS_OTHER),
        (F.binary_cross_entropy_with_logits(end, hot), m.LOSS_OTHER),
        (F.mse_loss(end, hot), m.LOSS_OTHER),
        (F.mse_loss(end.softmax(1), hot), m.LOSS_OTHER),
        (F.multi_margin_loss(end, k), m.LOSS_OTHER),
        (F.cross_entropy(end, k) / np.log(2), m.LOSS_OTHER),
        (F.cross_entropy(end, torch.arange(_B) % _K), m.LABELS_WRONG_AXIS),
        (F.cross_entropy(end, hot.argmin(1)), m.LABELS_WRONG_AXIS),
        (F.cross_entropy(end, hot, reduction="sum") / _K, m.LOSS_SUMMED),
    ]


def _judge_loss(batch: Batch, loss: Any, marking: Marking) -> None:
    right = _right_loss(batch)
    if close(loss, right.numpy(), 1e-6):
        marking.passed(
            "loss", f"On a batch of ours the loss is {float(right):.4f}, as it should be."
        )
        return
    known = (mistake for value, mistake in _known_losses(batch) if close(loss, value.numpy(), 1e-6))
    said = f"On a batch of ours the loss is {float(plain(loss)):.4f}; {float(right):.4f} is right."
    marking.failed("loss", said, next(known, None))


def _judge_gradient(batch: Batch, outcome: Outcome, marking: Marking) -> None:
    found = None if outcome.error else outcome.gradients["inputs"][1][0]
    if found is None or not np.any(found):
        marking.failed("gradient", "The loss has no gradient.", m.LOSS_CUT)
        return
    inputs = torch.from_numpy(batch.inputs).requires_grad_()
    end = _at(inputs, torch.from_numpy(batch.lengths) - 1) @ torch.from_numpy(batch.matrix)
    loss = F.cross_entropy(end, torch.from_numpy(batch.labels))
    (expected,) = torch.autograd.grad(loss, inputs)
    if close(found, expected.numpy(), 1e-6):
        marking.passed("gradient", "Its gradient is that of the right loss.")
    else:
        marking.failed("gradient", "Its gradient is not that of the right loss.")


def _judge_count(batch: Batch, count: Any, marking: Marking) -> None:
    z, n, k, hot = batch.tensors()
    guess = _at(z, n - 1).argmax(1)
    right = int((guess == k).sum())
    came = plain(count)
    if not isinstance(came, (int, float, np.ndarray, np.generic)) or np.size(came) != 1:
        marking.failed("n_right", f"n_right is {shown(count)}.", m.NO_PAIR)
        return
    came = float(np.reshape(came, ()))
    said = f"n_right is {came:g}; {right} of {_B} sequences are right."
    every = z.argmax(2) == k[:, None]
    wrong_step = {int((z[:, step].argmax(1) == k).sum()) for step in (0, -1)}
    wrong_step |= {int((_at(z, n - 2).argmax(1) == k).sum())}
    known = [
        ({right / _B, 100 * right / _B}, m.COUNT_SHARE),
        ({_B - right, (_B - right) / _B}, m.COUNT_WRONG_ANSWERS),
        ({int(every.sum()), float(every.double().mean())}, m.COUNT_ELEMENTS),
        ({int(((_at(z, n - 1) > 0) == hot.bool()).sum())}, m.COUNT_ELEMENTS),
        ({int((F.one_hot(guess, _K) == hot).sum())}, m.COUNT_ELEMENTS),
        ({int((_at(z, n - 1).topk(2, 1).indices == k[:, None]).sum())}, m.COUNT_NEARLY),
        (wrong_step, m.COUNT_WRONG_STEP),
    ]
    if came == right:
        marking.passed("n_right", said)
    else:
        match = (mistake for values, mistake in known if any(np.isclose(came, v) for v in values))
        marking.failed("n_right", said, next(match, None))


def _judge_floor(subject: Subject, marking: Marking) -> None:
    described = subject.ask(Describe("floor"))
    value = plain(described.value)
    if not isinstance(value, (int, float, np.generic, np.ndarray)) or np.size(value) != 1:
        came = "missing" if described.kind == "missing" else shown(described.value)
        marking.failed("floor", f"floor should be a number, and is {came}.", m.FLOOR_NO_NUMBER)
        return
    value = float(np.reshape(value, ()))
    said = f"floor is {value:.4f}."
    if abs(value - FLOOR) < 5e-5:
        marking.passed("floor", said)
    elif abs(value - FLOOR) < 2e-3:
        marking.failed("floor", f"floor is {value:.7g}.", m.FLOOR_READ_OFF)
    elif abs(value - np.log(8)) < 5e-3:
        marking.failed("floor", said, m.FLOOR_UNIFORM)
    elif abs(value - FLOOR / np.log(2)) < 5e-3:
        marking.failed("floor", said, m.FLOOR_BITS)
    else:
        marking.failed("floor", said, m.FLOOR_OTHER)
