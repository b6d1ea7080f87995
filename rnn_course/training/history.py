"""What happened in a training run, as data: it can be saved, read back, compared and drawn."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from rnn_course.errors import TrainingError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Stopped = Literal["finished", "patience", "max_steps", "interrupted"]


@dataclass(frozen=True)
class ValidPoint:
    """One look at the validation data.

    Args:
        step: training steps taken before it.
        loss: mean cross-entropy, in nats.
        accuracy: from 0 to 1.
    """

    step: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class History:
    """A training run.

    Args:
        train_loss: cross-entropy of each step's batch before its update, in nats; the first entry
            belongs to step 1.
        valid: the validation points, by step.
        best_step: step whose weights the model was left with; None if it was never validated.
        steps_per_epoch: steps in one pass over the training data.
        seconds: duration by the wall clock.
        stopped: why it ended.
        settings: what `fit` was called with, and the sizes of the data.
    """

    train_loss: tuple[float, ...]
    valid: tuple[ValidPoint, ...]
    best_step: int | None
    steps_per_epoch: int
    seconds: float
    stopped: Stopped
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Number of training steps."""
        return len(self.train_loss)

    @property
    def epochs(self) -> float:
        """Passes over the training data, the last one possibly unfinished."""
        return self.steps / self.steps_per_epoch

    @property
    def best(self) -> ValidPoint | None:
        """The validation point of the weights that the model was left with."""
        return next((point for point in self.valid if point.step == self.best_step), None)

    def __str__(self) -> str:
        text = f"{self.steps} steps ({self.epochs:.1f} epochs), stopped: {self.stopped}"
        if self.best is None:
            return text + ", never validated"
        best = f"best at step {self.best.step}: validation loss {self.best.loss:.3f}"
        return f"{text}, {best}, accuracy {100 * self.best.accuracy:.1f} %"

    def plot(
        self, ax: "Axes | None" = None, *, what: Literal["loss", "accuracy"] = "loss"
    ) -> "Axes":
        """Draw this run; see `rnn_course.training.curves.learning_curves`."""
        from rnn_course.training.curves import learning_curves

        return learning_curves(self, ax, what=what)

    def save(self, path: str | Path) -> None:
        """Write the run to a JSON file; folders on the way are made."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), allow_nan=False), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> "History":
        """Read a run from a JSON file.

        Raises:
            TrainingError: the file is missing, is not JSON or is not a history.
        """
        try:
            raw = json.loads(Path(path).read_text(encoding="utf-8"))
            raw["valid"] = tuple(ValidPoint(**point) for point in raw["valid"])
            raw["train_loss"] = tuple(raw["train_loss"])
            history = cls(**raw)
            _check(history)
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise TrainingError(
                f"a history written by History.save in {path}",
                f"{type(problem).__name__}: {problem}",
                "Check the path, or train again and save the history that fit returns.",
            ) from problem
        return history


def _check(history: History) -> None:
    """Check what a file claims to be a history.

    Raises:
        ValueError: one part cannot come from a run; the text names it.
    """
    validated = [number for point in history.valid for number in (point.loss, point.accuracy)]
    steps = [point.step for point in history.valid]
    sound = {
        "train_loss": all(map(_finite, history.train_loss)),
        "valid": all(map(_finite, validated)),
        "valid steps": all(map(_counts, steps)) and steps == sorted(set(steps)),
        "best_step": history.best_step in steps if steps else history.best_step is None,
        "steps_per_epoch": _counts(history.steps_per_epoch),
        "seconds": _finite(history.seconds) and history.seconds >= 0,
        "stopped": history.stopped in get_args(Stopped),
        "settings": isinstance(history.settings, Mapping),
    }
    wrong = [name for name, fine in sound.items() if not fine]
    if wrong:
        raise ValueError(f"unusable values in {', '.join(wrong)}")


def _finite(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return math.isfinite(value)


def _counts(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
