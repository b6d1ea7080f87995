"""Pictures of coursework 3: what the data are, what is kept, who learns, and where it looks.

One network looks the same in all of them: see `look`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from rnn_course.data.symbol_sequences import SYMBOLS
from rnn_course.plotting import error_bands
from rnn_course.plotting.showing import describe
from rnn_course.training.drawing import Style, axes_or_new, style

Points = Sequence[tuple[int, float]]

# The first of these that a network's name holds decides.
_LOOKS = ("linear", "forget 0", "no position", "no recurrence", "attention", "LSTM", "RNN")
_ORDER = (5, 3, 4, 6, 2, 1, 0)
_CHANCE = math.log(8)


def look(name: str) -> int:
    """Return the index of the style in which a network is drawn, from its name."""
    found = (index for part, index in zip(_LOOKS, _ORDER, strict=True) if part in name)
    return next(found, len(_ORDER))


def _line(name: str) -> Style:
    return style(look(name))


def one_hot(sequence: ArrayLike, ax: Axes | None = None) -> Axes:
    """Draw one sequence (T, 8) as the network gets it: a black field a step."""
    ax = axes_or_new(ax, (10, 2.1))
    ax.imshow(np.asarray(sequence).T, aspect="auto", cmap="Greys", interpolation="none")
    ax.set(yticks=range(8), yticklabels=list(SYMBOLS), xlabel="step", ylabel="symbol")
    describe(
        ax,
        "One sequence as a field of 8 symbols by 110 steps. Each column has one black field: E at "
        "step 0, then mostly a to d, an X or Y at three steps, and B at the end.",
    )
    return ax


def kept(forget_bias: float, input_bias: float, ax: Axes | None = None) -> Axes:
    """Draw what an LSTM's memory holds of a first symbol, and of the distractors, step by step.

    One unit, whose gates stay as their biases set them. The symbol is written at step 15 with
    strength 1; each distractor after it adds a number that is as often positive as negative.

    Args:
        forget_bias: of the forget gate.
        input_bias: of the input gate.
        ax: where to draw; None: new axes.
    """
    keep, write = (1 / (1 + math.exp(-bias)) for bias in (forget_bias, input_bias))
    ax = axes_or_new(ax, (7.2, 3.4))
    steps = np.arange(15, 110)
    symbol = write * keep ** (steps - 15.0)
    # Independent numbers: their variances add up, each faded by the square of what is kept.
    noise = write * np.sqrt(np.cumsum(keep ** (2.0 * np.arange(len(steps))))) / 2
    signal, other = style(1), style(0)
    ax.semilogy(steps, symbol, label="the first symbol", markevery=12, **signal)
    ax.semilogy(steps[1:], noise[1:], label="distractors, typically", markevery=12, **other)
    ax.axhline(1, color="0.4", linestyle=(0, (4, 4)), linewidth=1)
    ax.annotate("above: tanh is flat", (109, 1), (0, 3), textcoords="offset points",
                ha="right", fontsize=9, color="0.4")  # fmt: skip
    ax.set(xlabel="step", ylabel="what the memory holds", ylim=(1e-8, 30))
    ax.set_title(f"forget gate {keep:.2f}, input gate {write:.2f}", fontsize=10)
    ax.legend(frameon=False, loc="lower left")
    ax.grid(alpha=0.3)
    describe(
        ax,
        "Two lines over the steps 15 to 109 on a logarithmic scale: how much of the first symbol "
        f"and how much of the distractors a memory holds, with a forget gate at {keep:.2f} and an "
        f"input gate at {write:.2f}. At the end {symbol[-1]:.1e} of the symbol and "
        f"{noise[-1]:.1e} of the distractors are there.",
    )
    return ax


def by_distance(norms: Mapping[str, ArrayLike], ax: Axes | None = None) -> Axes:
    """Draw the gradient's length at each step against the distance to the end.

    Args:
        norms: by network, lengths (T,) at the steps 0 to T - 1.
        ax: where to draw; None: new axes.
    """
    ax = axes_or_new(ax, (7.2, 3.8))
    for name, values in norms.items():
        lengths = np.asarray(values, dtype=float)
        distance = len(lengths) - 1 - np.arange(len(lengths))
        ax.semilogy(distance, np.where(lengths > 0, lengths, np.nan), label=name,
                    markevery=12, **_line(name))  # fmt: skip
    ax.set(xlabel="distance to the end (steps)", ylabel="length of ∂loss/∂x", ylim=(1e-22, 10))
    ax.legend(frameon=False, fontsize=9, loc="lower left")
    ax.grid(alpha=0.3)
    falls = ", ".join(
        f"{name} from {float(np.asarray(line)[-1]):.0e} to {float(np.asarray(line)[0]):.0e}"
        for name, line in norms.items()
    )
    describe(
        ax,
        "Length of the gradient against the distance to the end, on a logarithmic scale. From the "
        f"last step to the first it goes for {falls}.",
    )
    return ax


def race(errors: Mapping[str, Points], gradients: Mapping[str, Points]) -> Figure:
    """Draw a race of networks: the error of each, and its gradient at the first symbol.

    Args:
        errors: by network, (training sequences so far, training error in nats).
        gradients: by network, (training sequences so far, length of the gradient at t₁).
    """
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for ax, groups in ((left, errors), (right, gradients)):
        for name, points in groups.items():
            x, y = np.transpose(points) if points else ((), ())
            ax.plot(x, y, label=name, markevery=5, **_line(name))
        ax.set_xlabel("training sequences, the same for all")
        ax.grid(alpha=0.3)
    left.axhline(_CHANCE, color="0.4", linestyle=(0, (4, 4)), linewidth=1)
    left.set(ylabel="training error (nats)", title="Who learns?", ylim=(0, 2.6))
    right.set(yscale="log", ylim=(1e-26, 10), title="Gradient at the first symbol")
    right.set_ylabel("length of ∂loss/∂x at $t_1$")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    last = ", ".join(f"{name} {points[-1][1]:.2f}" for name, points in errors.items() if points)
    seen = max((points[-1][0] for points in errors.values() if points), default=0)
    describe(
        figure,
        f"Left, the training errors after {seen:,} sequences, in nats: {last}. Right, on a "
        "logarithmic scale, the length of each network's gradient at the first symbol.",
    )
    return figure


def runs(groups: Mapping[str, Sequence[Mapping[str, Any]]], ax: Axes | None = None) -> Axes:
    """Draw stored runs, see `rnn_course.plotting.error_bands`, with the looks of this module."""
    looks = {name: look(name) for name in groups}
    ax = error_bands(groups, ax, chance=_CHANCE, looks=looks)
    ends = "; ".join(
        f"{name}: {sum(run['solved'] for run in group)} of {len(group)} solved, the longest run "
        f"after {max(run['sequences'] for run in group):,} sequences at an error of "
        f"{max(group, key=lambda run: run['sequences'])['points'][-1][1]:.2f}"
        for name, group in groups.items()
    )
    describe(ax, f"Training error in nats against training sequences, with chance at 2.08. {ends}.")
    return ax


def weights(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Draw attention's weights over the steps, with the three symbols marked.

    Args:
        rows: for each sequence ``weights`` (T,), ``inputs`` (T, 8) and ``title``.
    """
    figure = Figure(figsize=(10, 1.5 * len(rows)), layout="constrained")
    axes = np.atleast_1d(figure.subplots(len(rows), 1, sharex=True))
    for ax, row in zip(axes, rows, strict=True):
        line, sequence = np.asarray(row["weights"]), np.asarray(row["inputs"])
        color = style(look("attention"))["color"]
        ax.fill_between(range(len(line)), line, step="mid", alpha=0.5, color=color)
        ax.set(ylim=(0, 1.25 * line.max()), ylabel="weight")
        ax.set_title(row["title"], fontsize=10)
        for step in np.flatnonzero(sequence[:, 5:7].sum(1)):
            ax.axvline(step, color="black", linewidth=0.8, linestyle="--")
            symbol = "XY"[int(sequence[step, 6])]
            ax.text(step + 0.6, 1.2 * line.max(), symbol, va="top")
    axes[-1].set_xlabel("step")
    describe(
        figure,
        f"Attention's weights over the steps of {len(rows)} sequences: "
        f"{'; '.join(row['title'] for row in rows)}. Vertical lines mark the three symbols. The "
        f"largest weights are at the steps {'; '.join(_highest(row) for row in rows)}.",
    )
    return figure


def _highest(row: Mapping[str, Any]) -> str:
    """Name the three steps of a sequence with the largest weights, in order."""
    return ", ".join(map(str, sorted(np.asarray(row["weights"]).argsort()[-3:])))
