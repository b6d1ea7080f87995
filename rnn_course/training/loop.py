"""Train a classifier of sequences: the loop that every coursework shares.

**Which weights are kept.** Those with the highest validation accuracy, the lower validation loss
breaking ties. The model ends with them, also after an interrupt (Ctrl-C, Jupyter's stop button)
and after an error, once it was validated.

**Randomness.** The order of the batches comes from the seed alone. Dropout and other draws inside
the model come from torch's global generators: they are seeded for the run and put back at its end,
so that the caller's own random numbers are the same with and without it. Python's and NumPy's
generators are not touched. The first weights are the caller's business: seed before building the
model. Then the same seed on the same device gives the same numbers; on CUDA this also needs
``CUBLAS_WORKSPACE_CONFIG=:4096:8`` in the environment.

**Progress.** The bar is text on stderr in a terminal and a widget in Jupyter. It is removed at the
end, so that a stored notebook holds none of its numbers.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NoReturn

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_

from rnn_course.errors import TrainingError
from rnn_course.progress import progress_bar
from rnn_course.seeding import derive, torch_generator
from rnn_course.training.batches import Batches, Pair, Samples
from rnn_course.training.device import choose_device, cudnn_set, model_dtype
from rnn_course.training.evaluation import checked_logits, evaluate, measure, mode
from rnn_course.training.history import History, Stopped, ValidPoint

if TYPE_CHECKING:
    from tqdm.auto import tqdm

__all__ = ["evaluate", "fit"]


def fit(  # noqa: PLR0913 - the knobs of a training run, each of them named by the courseworks
    model: nn.Module,
    train: Samples,
    valid: Samples,
    *,
    epochs: int,
    lr: float,
    batch_size: int,
    seed: int,
    device: str | torch.device = "auto",
    valid_every: int | None = None,
    patience: int | None = None,
    clip_norm: float | None = None,
    max_steps: int | None = None,
    weight_decay: float = 0.0,
    progress: bool = True,
) -> History:
    """Train with AdamW on the cross-entropy, and leave the model with its best weights.

    It seeds torch's global generators for the run, and puts them back as they were. The module's
    text says which weights are best, and what makes a run repeatable.

    Args:
        model: maps features (B, T, D) to logits (B, K). It is moved to the device and stays there;
            every module's training or evaluation mode is put back.
        train: data set of (features, label) pairs, shuffled anew in every epoch. Floating-point
            features are converted to the type of the model's parameters.
        valid: the same, to choose the best weights by.
        epochs: passes over the training data, at most.
        lr: learning rate.
        batch_size: samples in a step; the last batch of an epoch may be smaller.
        seed: names the run's random numbers.
        device: see `choose_device`.
        valid_every: steps between validations; None: once an epoch. The last step always has one.
        patience: stop after this many validations in a row without a new best; None: never.
        clip_norm: shorten the gradient to this norm if it is longer; None: leave it.
        max_steps: stop after this many steps; None: no limit.
        weight_decay: share of each weight, times the learning rate, removed in a step.
        progress: show a bar.

    Returns:
        The history of the run; after an interrupt, as far as it went.

    Raises:
        TrainingError: a setting or a data set is unusable, the output is not (B, K), or the loss
            is not a finite number any more.

    References:
        Loshchilov and Hutter, Decoupled weight decay regularization, 2019.
        Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013.
    """
    place = choose_device(device)
    settings = _Settings(
        epochs, lr, batch_size, seed, str(place), valid_every, patience, clip_norm, max_steps,
        weight_decay,
    )  # fmt: skip
    settings.check()
    dtype = model_dtype(model)
    train_batches = Batches(train, batch_size, place, dtype, "training")
    valid_batches = Batches(valid, batch_size, place, dtype, "validation")
    run = _Run(model.to(place), train_batches, valid_batches, settings)
    with mode(model, training=True), _seeded(seed):
        return run.go(progress)


@dataclass(frozen=True)
class _Settings:
    epochs: int
    lr: float
    batch_size: int
    seed: int
    device: str
    valid_every: int | None
    patience: int | None
    clip_norm: float | None
    max_steps: int | None
    weight_decay: float

    def check(self) -> None:
        for name in ("epochs", "batch_size", "valid_every", "patience", "max_steps"):
            value = getattr(self, name)
            if value is not None and (value != int(value) or value < 1):
                _refuse(name, "a whole number of at least 1", value)
        for name in ("lr", "clip_norm"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                _refuse(name, "a finite number above 0", value)
        if not 0 <= self.weight_decay < math.inf:
            _refuse("weight_decay", "a finite number of at least 0", self.weight_decay)


def _refuse(name: str, expected: str, value: object) -> NoReturn:
    raise TrainingError(f"{name} to be {expected}", f"{name}={value!r}", f"Change {name}.")


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed torch's generators, let cuDNN use only repeatable algorithms, and undo both."""
    gpus = range(torch.cuda.device_count())
    with torch.random.fork_rng(gpus), cudnn_set(deterministic=True, benchmark=False):
        torch.manual_seed(derive(seed, "fit"))
        yield


class _Run:
    """The moving parts of one call to `fit`."""

    def __init__(
        self, model: nn.Module, train: Batches, valid: Batches, settings: _Settings
    ) -> None:
        self.model, self.train, self.valid, self.settings = model, train, valid, settings
        self.losses: list[float] = []
        self.points: list[ValidPoint] = []
        self.best: ValidPoint | None = None
        self.best_weights: dict[str, Tensor] = {}
        self.weights = [p for p in model.parameters() if p.requires_grad]
        self._check_sizes()
        self.optimizer = torch.optim.AdamW(
            self.weights, lr=settings.lr, weight_decay=settings.weight_decay
        )
        self.total = min(settings.epochs * len(train), settings.max_steps or math.inf)

    def _check_sizes(self) -> None:
        if not self.weights:
            raise TrainingError(
                "a model with parameters to train",
                f"{type(self.model).__name__} without any",
                "Assign layers to self in __init__, several of them in an nn.ModuleList.",
            )
        if self.settings.batch_size > self.train.count:
            raise TrainingError(
                f"batch_size of at most {self.train.count}, the number of training samples",
                f"batch_size={self.settings.batch_size}",
                "Make the batches smaller or the training data larger.",
            )

    def go(self, progress: bool) -> History:
        stopped: Stopped = "interrupted"
        start = time.perf_counter()
        bar = progress_bar(
            total=self.total, desc="training", unit="step", leave=False, disable=not progress
        )
        try:
            with bar:
                stopped = self._train(bar)
        except KeyboardInterrupt:
            pass
        finally:
            if self.best is not None:
                self.model.load_state_dict(self.best_weights)
        return self._history(time.perf_counter() - start, stopped)

    def _train(self, bar: "tqdm") -> Stopped:
        every = self.settings.valid_every or len(self.train)
        stale = 0
        for features, labels in self._batches():
            self.losses.append(self._step(features, labels))
            bar.update()
            step = len(self.losses)
            if step % every == 0 or step == self.total:
                stale = 0 if self._validate() else stale + 1
                bar.set_postfix_str(
                    f"validation {100 * self.points[-1].accuracy:.1f} %", refresh=False
                )
            if stale == self.settings.patience:
                return "patience"
            if step == self.total:
                break
        return "finished" if self.total == self.settings.epochs * len(self.train) else "max_steps"

    def _batches(self) -> Iterator[Pair]:
        order = torch_generator(self.settings.seed, "fit", "order")
        for _ in range(self.settings.epochs):
            yield from self.train.shuffled(order)

    def _step(self, features: Tensor, labels: Tensor) -> float:
        logits = checked_logits(self.model, features, labels)
        loss = cross_entropy(logits, labels.to(logits.device))
        value = float(loss.detach())
        if not math.isfinite(value):
            _diverged(f"a loss of {value} at step {len(self.losses) + 1}", features)
        self.optimizer.zero_grad()
        loss.backward()
        if self.settings.clip_norm is not None:
            clip_grad_norm_(self.weights, self.settings.clip_norm)
        self.optimizer.step()
        return value

    def _validate(self) -> bool:
        """Measure, and return whether this is the best so far."""
        metrics, step = measure(self.model, self.valid), len(self.losses)
        if not math.isfinite(metrics.loss):
            _diverged(f"a validation loss of {metrics.loss} after step {step}", None)
        point = ValidPoint(step, metrics.loss, metrics.accuracy)
        self.points.append(point)
        best = self.best
        if best is not None and (point.accuracy, -point.loss) <= (best.accuracy, -best.loss):
            return False
        self.best_weights = {
            name: w.detach().clone() for name, w in self.model.state_dict().items()
        }
        self.best = point
        return True

    def _history(self, seconds: float, stopped: Stopped) -> History:
        return History(
            train_loss=tuple(self.losses),
            valid=tuple(self.points),
            best_step=None if self.best is None else self.best.step,
            steps_per_epoch=len(self.train),
            seconds=seconds,
            stopped=stopped,
            settings={
                "model": type(self.model).__name__,
                "train_samples": self.train.count,
                "valid_samples": self.valid.count,
                **asdict(self.settings),
            },
        )


def _diverged(came: str, features: Tensor | None) -> NoReturn:
    if features is not None and not torch.isfinite(features).all():
        raise TrainingError(
            "features that are finite numbers",
            f"{came}: its batch holds NaN or infinite features",
            "Clean the data: a logarithm of zero or a division by zero is the usual source.",
        )
    raise TrainingError(
        "a finite loss",
        came,
        "Usual causes: a learning rate too large (divide lr by 10), exploding gradients "
        "(clip_norm=1.0), a logarithm or a division by zero in the model.",
    )
