"""Pictures of data, runs and networks.

Those of data and runs are drawn here: ``(data, ax=None) -> ax``, without state of their own. Those
that explain an idea have a module each; every drawing of a network is a `diagram.Diagram` and shows
itself. `show` puts any of them below a cell, with a text for those who cannot see it.

With ``ax=None`` new axes are made: shown below the cell in Jupyter, plain ones elsewhere (see
`rnn_course.training.drawing.axes_or_new`). Nothing needs colour to be read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.gridspec import GridSpecBase
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from rnn_course.errors import TrainingError
from rnn_course.plotting.cells import gru_cell, lstm_cell, plain_cell
from rnn_course.plotting.comparing import compared, image_rows
from rnn_course.plotting.hearing import heard
from rnn_course.plotting.memory import memory
from rnn_course.plotting.piano_roll import piano_roll
from rnn_course.plotting.primer import one_hot, product_gradients, repeated_product
from rnn_course.plotting.showing import Live, describe, show
from rnn_course.plotting.touching import touch
from rnn_course.plotting.unrolled import chain, stacked, two_directions, unrolled, way_back
from rnn_course.plotting.vanishing import several as vanishing_lines
from rnn_course.plotting.vanishing import vanishing
from rnn_course.shapes import expect_shape
from rnn_course.training.bands import error_bands
from rnn_course.training.curves import learning_curves
from rnn_course.training.drawing import End, axes_or_new, label_ends, style
from rnn_course.training.sweep_result import SweepResult, is_finite

Row = dict[str, Any]  # a point of a sweep, see `SweepResult.rows`

__all__ = [
    "Live",
    "chain",
    "clip",
    "compared",
    "confusion_matrix",
    "describe",
    "error_bands",
    "gate_activations",
    "gradient_norms",
    "gru_cell",
    "heard",
    "image_rows",
    "learning_curves",
    "lstm_cell",
    "memory",
    "one_hot",
    "piano_roll",
    "plain_cell",
    "product_gradients",
    "repeated_product",
    "show",
    "stacked",
    "sweep_plot",
    "touch",
    "two_directions",
    "unrolled",
    "vanishing",
    "vanishing_lines",
    "way_back",
]


def confusion_matrix(matrix: ArrayLike, classes: Sequence[str], ax: Axes | None = None) -> Axes:
    """Draw which class was taken for which, with the counts written in.

    Args:
        matrix: (K, K) counts; row = true class, column = predicted class, as in ``Metrics``.
        classes: the K names.
        ax: where to draw; None: new axes.

    Returns:
        The axes.

    Raises:
        ShapeError: the matrix is not (K, K).
    """
    from sklearn.metrics import ConfusionMatrixDisplay

    matrix = np.asarray(matrix)
    expect_shape("the confusion matrix", matrix, f"{len(classes)} {len(classes)}")
    size = min(12.0, 2.5 + 0.4 * len(classes))
    ax = axes_or_new(ax, (size, size))
    crowded = len(classes) > 8
    ConfusionMatrixDisplay(matrix, display_labels=list(classes)).plot(
        ax=ax,
        cmap="Blues",
        colorbar=False,
        xticks_rotation="vertical" if crowded else "horizontal",
        text_kw={"fontsize": 7 if crowded else 10},
    )
    ax.set_xlabel("predicted class (count of samples)")
    ax.set_ylabel("true class")
    return ax


def clip(
    samples: ArrayLike,
    mfcc: ArrayLike,
    ax: Axes | None = None,
    *,
    rate: int = 16_000,
    hop: int = 512,
) -> Axes:
    """Draw a clip twice over the same time: its waveform above its MFCC.

    The axes are divided: new ones at the top take the waveform. The MFCC's colours span
    the middle 96 % of coefficients 1 and up; coefficient 0 is mostly at an end of the scale.

    Args:
        samples: (N,) sample values.
        mfcc: (T, D) coefficients of the same clip.
        ax: where to draw; None: new axes.
        rate: samples a second.
        hop: samples from one frame to the next.

    Returns:
        The axes of the MFCC, the lower ones.

    Raises:
        ShapeError: samples not (N,) or mfcc not (T, D).
    """
    samples, mfcc = np.asarray(samples), np.asarray(mfcc)
    expect_shape("the samples", samples, "N")
    sizes = expect_shape("the MFCC", mfcc, "T D")
    wave, ax = _split(axes_or_new(ax, (6.4, 4.8)))
    # A frame is centred on its time, so the first one begins half a hop before zero.
    start, end = -hop / 2 / rate, (sizes["T"] - 0.5) * hop / rate
    wave.plot(np.arange(len(samples)) / rate, samples, color="black", linewidth=0.5)
    wave.set_ylabel("amplitude")
    wave.tick_params(labelbottom=False)
    # Coefficient 0 follows the loudness and is far larger: on its scale the others would be flat.
    low, high = np.quantile(mfcc[:, 1:] if sizes["D"] > 1 else mfcc, (0.02, 0.98))
    image = ax.imshow(
        mfcc.T,
        aspect="auto",
        origin="lower",
        interpolation="nearest",
        cmap="cividis",
        vmin=low,
        vmax=high,
        extent=(start, end, -0.5, sizes["D"] - 0.5),
    )
    ax.set_xlabel("time (s)")
    ax.set_ylabel("MFCC (index)")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    scale = ax.inset_axes((1.02, 0, 0.03, 1))
    ax.figure.colorbar(image, cax=scale, extend="both", label="value")
    return ax


def _split(ax: Axes) -> tuple[Axes, Axes]:
    """Divide axes into an upper part, which is new, and a lower one, over the same x."""
    spec = ax.get_subplotspec()
    if spec is None:
        box = ax.get_position()
        grid: GridSpecBase = ax.figure.add_gridspec(
            2, 1, left=box.x0, right=box.x1, bottom=box.y0, top=box.y1, height_ratios=(2, 3)
        )
    else:
        grid = spec.subgridspec(2, 1, height_ratios=(2, 3))
    ax.set_subplotspec(grid[1])
    return ax.figure.add_subplot(grid[0], sharex=ax), ax


def gate_activations(gates: Mapping[str, ArrayLike], ax: Axes | None = None) -> Axes:
    """Draw how far each gate is open over time, and how much its units differ.

    Args:
        gates: name and activations (T, H) of each gate, for one clip.
        ax: where to draw; None: new axes.

    Returns:
        The axes: for each gate the mean over its units as a line, and the middle 80 % of them as
        a band.

    Raises:
        ShapeError: the activations of a gate are not (T, H).
    """
    ax = axes_or_new(ax)
    ends = []
    for index, (name, values) in enumerate(gates.items()):
        gate, look = np.asarray(values), style(index)
        steps = expect_shape(f"the activations of gate {name!r}", gate, "T H")["T"]
        low, high = np.quantile(gate, (0.1, 0.9), axis=1)
        mean = gate.mean(axis=1)
        ax.fill_between(range(steps), low, high, color=look["color"], alpha=0.12, linewidth=0)
        ax.plot(range(steps), mean, label=name, markevery=max(1, steps // 8), **look)
        ends.append(End(steps - 1, mean[-1], name, look["color"]))
    ax.set_xlabel("time step")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("activation\n(mean, and middle 80 % of units)")
    label_ends(ax, ends)
    return ax


def gradient_norms(norms: ArrayLike | Mapping[str, ArrayLike], ax: Axes | None = None) -> Axes:
    """Draw how strongly the loss depends on each time step, on a logarithmic scale.

    A straight fall towards the left is a gradient that vanishes exponentially on its way back.
    Steps whose gradient is exactly zero have no place on such a scale: the line is broken there.

    Args:
        norms: (T,) as `rnn_course.training.gradient_norms` returns, or several of them by name.
        ax: where to draw; None: new axes.

    Returns:
        The axes.

    Raises:
        ShapeError: norms that are not (T,).
    """
    named = norms if isinstance(norms, Mapping) else {"": norms}
    ax = axes_or_new(ax)
    ax.set_yscale("log")
    ends = []
    for index, (name, values) in enumerate(named.items()):
        line, look = np.asarray(values, dtype=float), style(index)
        steps = expect_shape(f"gradient norms {name}".strip(), line, "T")["T"]
        line = np.where(line > 0, line, np.nan)
        ax.plot(range(steps), line, label=name, markevery=max(1, steps // 8), **look)
        drawn = np.flatnonzero(np.isfinite(line))
        if len(drawn) and name:
            ends.append(End(drawn[-1], line[drawn[-1]], name, look["color"]))
    _whole_decades(ax)
    ax.set_xlabel("time step t of the input")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel(
        r"gradient norm $\|\partial\,\mathrm{loss}/\partial x_t\|$ (nats per unit of $x$)"
    )
    label_ends(ax, ends)
    return ax


def _whole_decades(ax: Axes) -> None:
    """Let a logarithmic axis begin and end at a power of ten, so that its ticks are those."""
    low, high = ax.dataLim.intervaly
    if 0 < low <= high < np.inf:
        ax.set_ylim(10 ** np.floor(np.log10(low)), 10 ** np.ceil(np.log10(high) + 1e-9))


def sweep_plot(result: SweepResult, ax: Axes | None = None, *, x: str, y: str) -> Axes:
    """Draw one result of a sweep against one setting, with a line for each choice of the others.

    A cross at the top is a point that failed, or whose result is no finite number.

    Args:
        result: what `rnn_course.training.sweep` returned.
        ax: where to draw; None: new axes.
        x: name of a setting; values that span a factor of 50 get a logarithmic scale.
        y: name of a result, or ``"seconds"``.

    Returns:
        The axes.

    Raises:
        TrainingError: no point has a setting or a result of that name.
    """
    rows = result.rows()
    lines = _grouped(result, rows, x)
    if not lines or not any(row.get(y) is not None for row in rows):
        raise TrainingError(
            "x to be a setting and y a result of the sweep",
            f"x={x!r} and y={y!r}, with {', '.join(rows[0]) if rows else 'no points'}",
            "Take the names from the table: print(result).",
        )
    ax = axes_or_new(ax)
    place = _placed(ax, list(dict.fromkeys(row[x] for points in lines.values() for row in points)))
    ends = [
        _draw_line(ax, name, [(place(row[x]), row[y]) for row in points], index)
        for index, (name, points) in enumerate(lines.items())
    ]
    ax.set_xlabel(x)
    ax.set_ylabel("running time (s)" if y == "seconds" else y)
    if not all(is_finite(row[y]) for points in lines.values() for row in points):
        cross = Line2D([], [], linestyle="", marker="x", color="0.35", label="failed or not finite")
        ax.legend(handles=[cross], fontsize=9, frameon=False)
    label_ends(ax, [end for end in ends if end and end.text])
    return ax


def _grouped(result: SweepResult, rows: list[Row], x: str) -> dict[str, list[Row]]:
    """Return the rows that share all settings but x, by the text of those."""
    lines: dict[str, list[Row]] = {}
    for point, row in zip(result.points, rows, strict=True):
        if x in point.setting:
            others = (f"{name}={value}" for name, value in point.setting.items() if name != x)
            lines.setdefault(", ".join(others), []).append(row)
    return lines


def _placed(ax: Axes, values: list[Any]) -> Callable[[Any], float]:
    """Prepare the x-axis for some values, and return the function from a value to its place."""
    if not all(is_finite(value) for value in values):
        ax.set_xticks(range(len(values)), [str(value) for value in values])
        return values.index
    if min(values) > 0 and max(values) >= 50 * min(values):
        ax.set_xscale("log")
    return float


def _draw_line(ax: Axes, name: str, points: list[tuple[float, Any]], index: int) -> End | None:
    """Draw what can be drawn of a line, and crosses for the rest; return where its name goes."""
    look = style(index)
    drawn = sorted((x, y) for x, y in points if is_finite(y))
    ax.plot([x for x, _ in drawn], [y for _, y in drawn], label=name, **look)
    lost = [x for x, y in points if not is_finite(y)]
    # Each line's crosses have a height of their own, or they would hide one another.
    heights = [0.98 - 0.03 * index] * len(lost)
    ax.plot(lost, heights, "x", color=look["color"], transform=ax.get_xaxis_transform())
    return End(*drawn[-1], name, look["color"]) if drawn else None
