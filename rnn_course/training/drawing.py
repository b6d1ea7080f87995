"""What every picture needs: axes that nobody has to close, styles, and labels beside the lines.

A line is told apart by its dashes, its marker and a name at its end; colour only helps.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette, which most colour-blind readers can tell apart, less its yellow.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 1)))
_MARKERS = "os^DvPX"
_POINTS = 9  # size of the names


class End(NamedTuple):
    """The last point of a line, in data coordinates, and what to write there."""

    x: float
    y: float
    text: str
    colour: str


class Style(TypedDict):
    """How a line is drawn, as arguments of ``Axes.plot``."""

    color: str
    linestyle: str | tuple[int, tuple[int, ...]]
    marker: str
    markersize: int


def style(index: int) -> Style:
    """Return colour, dashes and marker of the line with this index; they repeat after seven."""
    index %= len(_COLOURS)
    return {
        "color": _COLOURS[index],
        "linestyle": _DASHES[index],
        "marker": _MARKERS[index],
        "markersize": 5,
    }


def axes_or_new(ax: Axes | None, size: tuple[float, float] = (6.4, 4.0)) -> Axes:
    """Return the axes given, or new ones.

    In Jupyter and IPython new axes belong to pyplot, which shows them below the cell and closes
    them there. Elsewhere they are on a figure that pyplot does not know and nobody has to close:
    ``ax.figure.savefig("picture.png")``. Pass ``plt.subplots()[1]`` to see one with ``plt.show()``.

    Args:
        ax: where to draw, or None.
        size: width and height of a new figure, in inches.
    """
    if ax is not None:
        return ax
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from matplotlib import pyplot

        return pyplot.subplots(figsize=size, layout="constrained")[1]
    return Figure(figsize=size, layout="constrained").subplots()


def label_ends(ax: Axes, ends: Sequence[End]) -> None:
    """Write each line's name right of the axes, level with its last point and joined to it.

    Names that would meet are moved apart. The frame is opened at the right for them. Call it when
    all lines are drawn: it reads the limits of the axes.
    """
    ax.spines[["top", "right"]].set_visible(False)
    if not ends:
        return
    ax.autoscale_view()
    to_fraction = ax.transData + ax.transAxes.inverted()
    levels = np.array([to_fraction.transform((end.x, end.y))[1] for end in ends])
    line = 1.25 * _POINTS / 72 * ax.figure.dpi / ax.get_window_extent().height
    for end, level in zip(ends, _spread(levels, line), strict=True):
        ax.annotate(
            end.text,
            (end.x, end.y),
            xytext=(1.01, level),
            textcoords="axes fraction",
            fontsize=_POINTS,
            color=end.colour,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": end.colour, "linewidth": 0.5, "alpha": 0.6},
        )


def _spread(centres: np.ndarray, height: float) -> np.ndarray:
    """Return the centres moved apart to at least one height, and by as little as that takes."""
    order = np.argsort(centres)
    lifts = height * np.arange(len(centres))
    # Once the heights are taken off, "apart" means "not falling": isotonic regression is the
    # least-squares answer to just that.
    from scipy.optimize import isotonic_regression

    placed = np.empty(len(centres))
    placed[order] = isotonic_regression(centres[order] - lifts).x + lifts
    return placed
