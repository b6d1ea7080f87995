"""Many runs of several networks in one picture: the middle run, and how far the others spread."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from rnn_course.errors import TrainingError
from rnn_course.training.drawing import axes_or_new, style

Runs = Sequence[Mapping[str, Any]]


def error_bands(
    groups: Mapping[str, Runs],
    ax: Axes | None = None,
    *,
    chance: float | None = None,
    looks: Mapping[str, int] | None = None,
) -> Axes:
    """Draw training error against sequences seen, one line with a band for each network.

    The line is the median of the runs, the band reaches from the lowest to the highest. A run
    that is solved has ended: from there on its last error counts. A dot marks where the last run
    of a group was solved.

    Args:
        groups: for each network its runs, each with ``points``, pairs of (sequences so far, mean
            cross-entropy in nats), and ``solved``.
        ax: where to draw; None: new axes.
        chance: error of guessing, drawn as a dashed line.
        looks: for each network the index of its style, so that it looks the same in every picture
            of a notebook; None: in order.

    Raises:
        TrainingError: a network without runs, or a run without points.
    """
    ax = axes_or_new(ax, (8.0, 4.4))
    for index, (name, runs) in enumerate(groups.items()):
        _draw(ax, name, runs, index if looks is None else looks[name])
    if chance is not None:
        ax.axhline(chance, color="0.4", linestyle=(0, (4, 4)), linewidth=1)
        ax.annotate("chance", (1, chance), (-4, 3), ax.get_yaxis_transform(),
                    "offset points", ha="right", color="0.4")  # fmt: skip
    ax.set(xlabel="training sequences", ylabel="training error (nats)")
    ax.set_ylim(bottom=0)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.grid(alpha=0.3)
    ax.legend(loc="center right")
    return ax


def _draw(ax: Axes, name: str, runs: Runs, index: int) -> None:
    if not runs or any(not run["points"] for run in runs):
        raise TrainingError(
            f"runs of {name!r}, each with points",
            "none",
            "Rebuild the stored runs, or leave it out.",
        )
    longest = max(runs, key=lambda run: len(run["points"]))
    x = np.array([sequences for sequences, _ in longest["points"]])
    errors = np.array([_padded([error for _, error in run["points"]], x.size) for run in runs])
    solved = sum(run["solved"] for run in runs)
    look = style(index)
    middle, label = np.median(errors, axis=0), f"{name} ({solved} of {len(runs)} solved)"
    ax.plot(x, middle, label=label, markevery=max(1, x.size // 8), **look)
    ax.fill_between(x, errors.min(0), errors.max(0), color=look["color"], alpha=0.15, linewidth=0)
    if solved == len(runs):
        ax.plot(x[-1], middle[-1], "o", markersize=9, color=look["color"])


def _padded(errors: list[float], size: int) -> list[float]:
    return errors + errors[-1:] * (size - len(errors))
