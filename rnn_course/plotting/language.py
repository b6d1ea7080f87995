"""Pictures of coursework 4: how a model reads and writes, what a study found, and forecasts."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from rnn_course.plotting.showing import describe
from rnn_course.shapes import expect_shape
from rnn_course.training.drawing import axes_or_new, style

_CEILING = 100.0  # the largest perplexity that a study's axis reaches
_COLUMNS = 64


def perplexities(train: Sequence[float], valid: Sequence[float], ax: Axes | None = None) -> Axes:
    """Draw the perplexity of a language model epoch by epoch.

    Args:
        train: of the training text while learning, for each epoch.
        valid: of the validation text after each epoch.
        ax: where to draw; None: new axes.
    """
    ax = axes_or_new(ax, (6, 3.2))
    epochs = range(1, len(valid) + 1)
    ax.plot(epochs, train, **style(0), label="training text, while learning")
    ax.plot(epochs, valid, **style(1), label="validation text, after the epoch")
    ax.set(xlabel="epoch", ylabel="perplexity", xticks=epochs)
    ax.legend(frameon=False)
    describe(
        ax,
        f"Perplexity over {len(valid)} epochs. On the training text it goes from {train[0]:.1f} to "
        f"{train[-1]:.1f}, on the validation text from {valid[0]:.1f} to {valid[-1]:.1f}.",
    )
    return ax


def study(rows: Sequence[Mapping[str, Any]], guessing: float) -> Figure:
    """Draw a study of T, H and the learning rate: perplexities, and seconds.

    What is above 100, or failed, stands at the upper edge as an open triangle: it has no height.

    Args:
        rows: with ``num_steps``, ``num_hiddens``, ``lr``, ``perplexity`` and ``seconds``.
        guessing: the perplexity of even guessing, a thin line.
    """
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    sizes = sorted({(row["num_steps"], row["num_hiddens"]) for row in rows})
    lost = 0
    for index, size in enumerate(sizes):
        chosen = [row for row in rows if (row["num_steps"], row["num_hiddens"]) == size]
        chosen.sort(key=lambda row: row["lr"])
        name, look = "T = {}, H = {}".format(*size), style(index)
        fit = [row for row in chosen if _perplexity(row) <= _CEILING]
        wild = [row["lr"] for row in chosen if _perplexity(row) > _CEILING]
        lost += len(wild)
        left.plot(_of(fit, "lr"), _of(fit, "perplexity"), label=name, **look)
        # Several at one rate would hide one another, so each size is moved a little.
        left.plot(np.multiply(wild, 1.12**index), [_CEILING] * len(wild), color=look["color"],
                  marker="^", linestyle="", fillstyle="none", clip_on=False)  # fmt: skip
        right.plot(_of(chosen, "lr"), _of(chosen, "seconds"), **look)
    left.axhline(guessing, color="0.5", linewidth=0.8)
    left.annotate("guessing", (0.01, guessing), (0, 3), ("axes fraction", "data"),
                  "offset points", color="0.4", fontsize=9)  # fmt: skip
    left.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="validation perplexity")
    left.set_ylim(top=_CEILING)
    if lost:
        left.set_title(f"△ at the upper edge: above {_CEILING:.0f}, or failed", fontsize=9)
    right.set(xscale="log", xlabel="learning rate", ylabel="seconds", ylim=0)
    left.legend(frameon=False, fontsize=9)
    describe(
        figure,
        f"Two plots over the learning rate, with a line for each of {len(sizes)} sizes. Left the "
        f"validation perplexity, with a line at {guessing:g} for guessing; {lost} of {len(rows)} "
        f"settings are above {_CEILING:.0f} or failed, and stand at the upper edge. Right the "
        "seconds that each setting took.",
    )
    return figure


def _perplexity(row: Mapping[str, Any]) -> float:
    value = row.get("perplexity")
    return math.inf if value is None or math.isnan(value) else float(value)


def _of(rows: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    return [row[name] for row in rows]


def next_letters(
    chances: ArrayLike, tokens: Sequence[str], temperature: float, written: str
) -> Figure:
    """Draw how likely each token is to come next, and what was written at this temperature.

    Args:
        chances: (V,) probabilities.
        tokens: the V texts they belong to.
        temperature: by which the logits were divided.
        written: a sample.
    """
    values = np.asarray(chances, dtype=float)
    expect_shape("the chances", values, str(len(tokens)))
    best = np.argsort(-values, kind="stable")[:14]
    names = [tokens[i].replace(" ", "␣") for i in best]
    figure = Figure(figsize=(8, 3.4), layout="constrained")
    ax = figure.subplots()
    ax.bar(range(len(best)), values[best], color=style(0)["color"])
    ax.set(xticks=range(len(best)), xticklabels=names, ylim=(0, 1), ylabel="chance to come next")
    ax.set_title(f"temperature {temperature:g}", fontsize=10)
    lines = [written[start : start + 90] for start in range(0, len(written), 90)]
    ax.set_xlabel("\n".join(lines), family="monospace", fontsize=8, loc="left")
    told = ", ".join(f"{name} {values[i]:.2f}" for name, i in zip(names[:3], best, strict=False))
    describe(
        figure,
        f"Bars: how likely each character is to come next at temperature {temperature:g}; the "
        f'first three are {told}. Below, what was written: "{written}".',
    )
    return figure


def coloured(text: str, values: ArrayLike, told: str, ax: Axes | None = None) -> Axes:
    """Write a text with a field behind each character whose colour is a number.

    Args:
        text: N characters.
        values: (N,) numbers; blue is below 0 and orange above, the stronger the further.
        told: what the numbers are, for the title.
        ax: where to draw; None: new axes.
    """
    numbers = np.asarray(values, dtype=float)
    expect_shape("the values", numbers, str(len(text)))
    rows = -(-len(text) // _COLUMNS)
    ax = axes_or_new(ax, (10, 0.6 + 0.32 * rows))
    largest = float(np.abs(numbers).max()) or 1.0
    for place, (letter, number) in enumerate(zip(text, numbers, strict=True)):
        row, column = divmod(place, _COLUMNS)
        strength = float(abs(number) / largest)
        colour = style(1 if number > 0 else 0)["color"]
        ax.add_patch(Rectangle((column, -row - 1), 1, 1, color=colour, alpha=0.75 * strength, lw=0))
        ax.text(column + 0.5, -row - 0.5, letter, ha="center", va="center",
                family="monospace", fontsize=10)  # fmt: skip
    ax.set(xlim=(0, _COLUMNS), ylim=(-rows, 0))
    ax.set_axis_off()
    ax.set_title(told, fontsize=10, loc="left")
    high = sorted(np.argsort(-numbers, kind="stable")[:5])
    marked = "; ".join(f"{text[max(0, i - 8) : i]}[{text[i]}]" for i in high)
    describe(
        ax,
        f"{told}. A text with a colour behind each character, from {numbers.min():.2f} to "
        f"{numbers.max():.2f}. The five highest are at the characters in brackets: {marked}.",
    )
    return ax


def forecasts(
    series: ArrayLike, truth: ArrayLike, made: Mapping[int, ArrayLike], train: int
) -> Figure:
    """Draw forecasts of a series made some steps ahead, with their errors after training's end.

    Args:
        series: (N,) measured values.
        truth: (N,) values without noise.
        made: for each number of steps k the forecasts (N,), NaN where there is none.
        train: how many values were trained on.
    """
    values = np.asarray(series, dtype=float)
    figure = Figure(figsize=(11, 6), layout="constrained")
    axes = np.ravel(figure.subplots(2, -(-len(made) // 2), sharex=True, sharey=True, squeeze=False))
    told = []
    for ax, (k, forecast) in zip(axes, made.items(), strict=False):
        line = np.asarray(forecast, dtype=float)
        error = float(np.sqrt(np.mean((line - values)[train:] ** 2)))
        held = float(np.sqrt(np.mean((values[train - k : -k] - values[train:]) ** 2)))
        ax.plot(values, ".", color="0.75", markersize=3, label="the series")
        ax.plot(line, color=style(0)["color"], linewidth=1.2, label="forecast")
        ax.plot(np.asarray(truth), "--", color="black", linewidth=1, label="without noise")
        ax.axvline(train, color="0.4", linewidth=0.8)
        ax.set_title(f"k = {k}: error {error:.2f}; holding the last value {held:.2f}", fontsize=10)
        told.append(f"k = {k}: {error:.2f}, and {held:.2f} for holding the last value")
    axes[0].legend(frameon=False, fontsize=8, loc="lower left")
    for ax in axes[-2:]:
        ax.set_xlabel("t (training ends at the line)")
    describe(
        figure,
        "A noisy sine, the sine without noise, and forecasts made k steps ahead. Errors after "
        f"the end of training: {'; '.join(told)}.",
    )
    return figure
