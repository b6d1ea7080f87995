"""What happened in a training run, as data: it can be saved, read back, compared and drawn."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from rnn_course.errors import TrainingError

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
            return _from_json(json.loads(Path(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise TrainingError(
                f"a history written by History.save in {path}",
                f"{type(problem).__name__}: {problem}",
                "Train again, and save the history that fit returns.",
            ) from problem


def _from_json(raw: Any) -> History:
    valid = tuple(ValidPoint(**point) for point in raw.pop("valid"))
    return History(valid=valid, train_loss=tuple(raw.pop("train_loss")), **raw)
