"""The few strokes that all drawings of networks are made of, so that they look alike.

A box is something with weights or a value, a circle an operation without any. Solid black arrows
carry values forwards, dashed orange ones a gradient back.
"""

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from rnn_course.plotting.showing import describe
from rnn_course.training.drawing import axes_or_new

Point = tuple[float, float]
Kind = Literal["state", "memory", "input", "output", "plain"]

FILLS = {
    "state": "#CDE4F2",
    "memory": "#CFEDE2",
    "input": "#EEEEEE",
    "output": "#FBE3D2",
    "plain": "white",
}
GRADIENT = "#D55E00"
_INK = "0.15"
_RADIUS = 0.16


def sheet(width: float, height: float, ax: Axes | None, alt: str) -> Axes:
    """Return empty axes on which a unit is as long in x as in y, and some 0.8 inch on paper.

    Args:
        width: in units.
        height: in units.
        ax: where to draw; None: new axes.
        alt: what the drawing will show, in words.
    """
    ax = axes_or_new(ax, (0.8 * width, 0.8 * height))
    describe(ax, alt)
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.set_axis_off()
    return ax


def box(
    ax: Axes,
    centre: Point,
    text: str,
    kind: Kind = "state",
    size: Point = (0.8, 0.56),
) -> None:
    """Draw a box with a text in it."""
    (x, y), (width, height) = centre, size
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.09",
            facecolor=FILLS[kind],
            edgecolor=_INK,
            linewidth=1,
            zorder=2,
        )
    )
    write(ax, centre, text)


def operation(ax: Axes, centre: Point, sign: str) -> None:
    """Draw a small circle with the sign of an operation in it."""
    circle = Circle(centre, _RADIUS, facecolor="white", edgecolor=_INK, linewidth=1, zorder=2)
    ax.add_patch(circle)
    write(ax, centre, sign)


def write(
    ax: Axes, place: Point, text: str, colour: str = _INK, size: float = 10, align: str = "center"
) -> None:
    """Write a text; ``align`` says which part of it stands at the place."""
    ax.text(*place, text, ha=align, va="center", color=colour, fontsize=size, zorder=3)


def arrow(
    ax: Axes, start: Point, end: Point, back: bool = False, bend: float = 0.0, wide: float = 1.2
) -> None:
    """Draw an arrow: forwards, or of a gradient on its way back.

    Args:
        ax: where to draw.
        start: where it begins.
        end: where its head is.
        back: a gradient.
        bend: how far it is bent to the right, as a share of its length.
        wide: its width, in points.
    """
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=11,
            shrinkA=0,
            shrinkB=0,
            connectionstyle=f"arc3,rad={bend}",
            color=GRADIENT if back else _INK,
            linestyle=(0, (4, 2)) if back else "-",
            linewidth=wide,
            gid="gradient" if back else "forward",
            zorder=1.5,
        )
    )
