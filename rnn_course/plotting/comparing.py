"""Classifiers that read images row by row: what they see, and how several runs compare."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from rnn_course.plotting.showing import described
from rnn_course.training.curves import learning_curves
from rnn_course.training.drawing import style
from rnn_course.training.history import History


def image_rows(image: ArrayLike, label: int) -> Figure:
    """Draw an image, and beside it its rows, one a time step.

    Args:
        image: (T, D) grey values between 0 and 1.
        label: what it shows.
    """
    rows = np.asarray(image)
    steps = len(rows)
    figure = Figure(figsize=(11, 1.9), layout="constrained")
    whole, *axes = figure.subplots(1, steps + 1, width_ratios=[1.7, *[1] * steps])
    whole.imshow(rows, cmap="gray_r", vmin=0, vmax=1)
    whole.set(title=f"a {label}", xticks=[], yticks=[])
    for t, ax in enumerate(axes):
        ax.imshow(rows[t][None], cmap="gray_r", vmin=0, vmax=1)
        ax.set(title=f"step {t + 1}", xticks=[], yticks=[])
    return described(figure, f"A handwritten {label}, and its {steps} rows, one a time step.")


def compared(histories: Mapping[str, Sequence[History]]) -> Figure:
    """Draw the first run of each network, and beside it how far all runs lie apart.

    Args:
        histories: several runs by the name of the network; it keeps its colour and its marker.
    """
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[2, 1])
    learning_curves({name: runs[0] for name, runs in histories.items()}, left, what="accuracy")
    left.set(ylim=(50, 100), title=f"first of {len(next(iter(histories.values())))} runs")
    told = []
    for place, (name, runs) in enumerate(histories.items()):
        best = [100 * max(point.accuracy for point in run.valid) for run in runs]
        middle, spread = np.mean(best), np.std(best, ddof=1)
        right.errorbar(place, middle, spread, capsize=8, **style(place))
        right.plot([place + 0.15] * len(best), best, "x", color="0.5")
        told.append(f"{name} {middle:.1f} ± {spread:.1f} %")
    right.set(
        xticks=range(len(histories)),
        xticklabels=histories,
        xlim=(-0.5, len(histories) - 0.5),
        ylabel="best validation accuracy (%)",
        title="mean ± standard deviation",
    )
    return described(
        figure,
        "Left, validation accuracy over training, a line for each network. Right, the best of "
        f"each run, with mean and standard deviation: {', '.join(told)}.",
    )
