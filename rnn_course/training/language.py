"""Train a language model: a network that maps token numbers to logits for the next token.

``model(ids (B, T), state=None) -> (logits (B, T, V), state)``; every window starts from no state.
The first weights are the caller's business: seed before building the model.
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_

from rnn_course.data import text_batches
from rnn_course.errors import TrainingError
from rnn_course.progress import progress_bar
from rnn_course.seeding import numpy_generator
from rnn_course.training.device import choose_device
from rnn_course.training.evaluation import mode

_OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


@dataclass(frozen=True)
class LanguageHistory:
    """What happened during training, epoch by epoch.

    Attributes:
        train: perplexity of the training windows while the weights were still changing.
        valid: perplexity of the validation text after the epoch.
        seconds: duration of the whole run by the wall clock.
    """

    train: tuple[float, ...]
    valid: tuple[float, ...]
    seconds: float


def fit_language_model(  # noqa: PLR0913 - the knobs of a training run, as in `fit`
    model: nn.Module,
    train: np.ndarray,
    valid: np.ndarray,
    *,
    epochs: int,
    lr: float,
    num_steps: int,
    batch_size: int,
    seed: int,
    optimizer: Literal["adam", "sgd"] = "adam",
    clip_norm: float = 1.0,
    device: str | torch.device = "auto",
    progress: bool = True,
    watch: Callable[[nn.Module, int], object] | None = None,
) -> LanguageHistory:
    """Train on windows of a text, cut anew in every epoch; the model keeps its last weights.

    Args:
        model: see the module's text. It is moved to the device and stays there.
        train: token numbers (N,) of the training text.
        valid: those of the validation text.
        epochs: passes over the training text.
        lr: learning rate.
        num_steps: T, the length of a window.
        batch_size: windows in a step.
        seed: names the places where windows begin, and their order.
        optimizer: ``adam``, or ``sgd`` without momentum.
        clip_norm: the gradient is shortened to this norm if it is longer.
        device: see `choose_device`.
        progress: show a bar.
        watch: called with the model, in evaluation mode, and the number of updates it has made:
            before the first, and after 1, 2, 4, 8 … of them, when a model changes most.

    Raises:
        TrainingError: an unknown optimizer, or a loss that is not a finite number any more.
        DataError: a text shorter than a window.

    References:
        Mikolov, Karafiát, Burget, Černocký and Khudanpur, Recurrent neural network based language
        model, Interspeech 2010.
    """
    if optimizer not in _OPTIMIZERS:
        raise TrainingError("optimizer 'adam' or 'sgd'", repr(optimizer), "Choose one of the two.")
    place, start = choose_device(device), time.perf_counter()
    model.to(place)
    updates = _Updates(
        model, _OPTIMIZERS[optimizer](model.parameters(), lr=lr), clip_norm, place, watch
    )
    rng = numpy_generator(seed, "fit_language_model")
    updates.watched()
    seen, held_back = [], []
    bar = progress_bar(
        range(epochs), desc="training", unit="epoch", leave=False, disable=not progress
    )
    for _ in bar:
        with mode(model, training=True):
            seen.append(_perplexity(map(updates, text_batches(train, num_steps, batch_size, rng))))
        with mode(model, training=False), torch.no_grad():
            windows = text_batches(valid, num_steps, batch_size)
            held_back.append(_perplexity(map(updates.losses, windows)))
        bar.set_postfix_str(f"validation perplexity {held_back[-1]:.2f}", refresh=False)
    return LanguageHistory(tuple(seen), tuple(held_back), time.perf_counter() - start)


@dataclass
class _Updates:
    """Makes the steps of a run and counts them; called with a batch, returns `losses` of it."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    clip_norm: float
    place: torch.device
    watch: Callable[[nn.Module, int], object] | None
    step: int = 0

    def __call__(self, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, int]:
        self.step += 1
        loss, tokens = self.losses(batch)
        if not math.isfinite(float(loss.detach())):
            raise TrainingError(
                "a finite loss",
                f"a loss of {float(loss.detach())} at step {self.step}",
                "Usual causes: a learning rate too large (divide lr by 10), a logarithm or a "
                "division by zero in the model.",
            )
        self.optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(self.model.parameters(), self.clip_norm)
        self.optimizer.step()
        self.watched()
        return loss, tokens

    def watched(self) -> None:
        """Let the model be looked at if it has made no updates, or a power of two of them."""
        if self.watch is not None and self.step & (self.step - 1) == 0:
            with mode(self.model, training=False):
                self.watch(self.model, self.step)

    def losses(self, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, int]:
        """Return the mean loss of a batch, in nats a token, and its number of tokens."""
        inputs, targets = (part.to(self.place) for part in batch)
        logits, _ = self.model(inputs)
        return cross_entropy(logits.flatten(0, 1), targets.flatten()), targets.numel()


def _perplexity(batches: Iterable[tuple[Tensor, int]]) -> float:
    """Join mean losses of batches; at most e^700, which is still a number."""
    total, count = 0.0, 0
    for loss, tokens in batches:
        total, count = total + float(loss.detach()) * tokens, count + tokens
    return math.exp(min(total / count, 700.0))
