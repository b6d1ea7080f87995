"""Learning curves of one run or of several."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnn_course.errors import TrainingError
from rnn_course.training.drawing import End, axes_or_new, label_ends, style

Quantity = Literal["loss", "accuracy"]


class Point(Protocol):
    """A look at the validation data, as `rnn_course.training.ValidPoint`."""

    @property
    def step(self) -> int:
        """Training steps taken before it."""

    @property
    def loss(self) -> float:
        """Mean cross-entropy, in nats."""

    @property
    def accuracy(self) -> float:
        """From 0 to 1."""


class Run(Protocol):
    """What is drawn of a run. `rnn_course.training.History` is one, and draws itself with this."""

    @property
    def steps(self) -> int:
        """Number of training steps."""

    @property
    def train_loss(self) -> Sequence[float]:
        """Cross-entropy of each step, in nats."""

    @property
    def valid(self) -> Sequence[Point]:
        """The validation points, by step."""

    @property
    def best(self) -> Point | None:
        """The one whose weights were kept."""


def learning_curves(
    histories: Run | Mapping[str, Run],
    ax: Axes | None = None,
    *,
    what: Quantity = "loss",
) -> Axes:
    """Draw loss or accuracy against the training step.

    Validation lines carry markers; a ring shows the step whose weights were kept. The loss of the
    training batches is drawn as a thin line, averaged over a twentieth of the run; that of a single
    run also as it came, in grey.

    Args:
        histories: one run, or several by name.
        ax: where to draw; None: new axes, see `rnn_course.training.drawing.axes_or_new`.
        what: ``"loss"`` (nats) or ``"accuracy"`` (per cent, validation only).

    Returns:
        The axes.

    Raises:
        TrainingError: no runs, or another quantity.
    """
    runs = histories if isinstance(histories, Mapping) else {"": histories}
    if not runs or what not in ("loss", "accuracy"):
        raise TrainingError(
            'at least one history, and what="loss" or what="accuracy"',
            f"{len(runs)} histories and what={what!r}",
            "Pass what fit returned, or a dict of name and history.",
        )
    ax = axes_or_new(ax)
    if what == "loss" and len(runs) == 1:
        only = next(iter(runs.values()))
        ax.plot(range(1, only.steps + 1), only.train_loss, color="0.85", linewidth=0.7)
    ends = [_draw(ax, name, run, what, index) for index, (name, run) in enumerate(runs.items())]
    ax.set_xlabel("training step (batches)")
    ax.set_ylabel("cross-entropy (nats)" if what == "loss" else "validation accuracy (%)")
    ax.legend(handles=_key(what), fontsize=9, frameon=False)
    label_ends(ax, [end for end in ends if end and end.text])
    return ax


def _draw(ax: Axes, name: str, run: Run, what: Quantity, index: int) -> End | None:
    """Draw one run; return where its name goes, which is nowhere without a validation."""
    look = style(index)
    if what == "loss" and run.steps:
        steps, means = _running_mean(np.array(run.train_loss), max(1, run.steps // 20))
        label = f"{name} training".strip()
        ax.plot(steps, means, label=label, color=look["color"], linewidth=0.9, alpha=0.75)
    if not run.valid:
        return None
    scale = 1 if what == "loss" else 100
    x = [point.step for point in run.valid]
    y = [scale * getattr(point, what) for point in run.valid]
    ax.plot(x, y, label=f"{name} validation".strip(), **look)
    if run.best is not None:
        best = scale * getattr(run.best, what)
        ax.plot(run.best.step, best, "o", markersize=12, fillstyle="none", color=look["color"])
    return End(x[-1], y[-1], name, look["color"])


def _running_mean(values: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the means over each stretch of that many values, and the middles of the stretches."""
    means = np.convolve(values, np.full(window, 1 / window), mode="valid")
    return np.arange(len(means)) + (window + 1) / 2, means


def _key(what: Quantity) -> list[Line2D]:
    """Say what thin lines, markers and rings mean; lines are named where they end."""
    validation = Line2D([], [], marker="o", markersize=5, label="validation", color="0.35")
    kept = Line2D([], [], linestyle="", marker="o", markersize=11, fillstyle="none",
                  label="weights kept", color="0.35")  # fmt: skip
    if what == "accuracy":
        return [kept]
    training = Line2D([], [], linewidth=0.9, label="training (running mean)", color="0.35")
    return [training, validation, kept]
