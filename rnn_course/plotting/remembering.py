"""Drawings of how networks remember: padding, an LSTM's cell, attention, and gradients' ways back.

Each returns its axes. The letters are those of coursework 3.
"""

import itertools
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rnn_course.plotting.canvas import FILLS, GRADIENT, Kind, arrow, box, operation, sheet, write


def padded_batch(texts: Sequence[str], ax: Axes | None = None) -> Axes:
    """Draw a batch: a row for each sequence, its last step framed, padding hatched.

    Args:
        texts: the sequences, a letter a step.
        ax: where to draw; None: new axes.
    """
    steps, rows = max(map(len, texts)), len(texts)
    wide = 0.5
    ax = sheet(
        wide * steps + 4.4,
        0.6 * rows + 0.8,
        ax,
        f"A batch of {rows} sequences, one a row, with {', '.join(str(len(t)) for t in texts)} "
        "steps. The last step of each is framed. What follows it in the shorter ones is hatched: "
        "padding.",
    )
    for row, text in enumerate(texts):
        y = 0.6 * (rows - row) - 0.25
        for step in range(steps):
            inside = step < len(text)
            ax.add_patch(
                Rectangle(
                    (0.3 + wide * step, y),
                    wide,
                    0.5,
                    facecolor=FILLS["state"] if inside else "white",
                    edgecolor="0.4",
                    linewidth=0.6,
                    hatch=None if inside else "////",
                )
            )
            if inside:
                write(ax, (0.3 + wide * (step + 0.5), y + 0.25), text[step], size=9)
        corner = (0.3 + wide * (len(text) - 1), y)
        end = Rectangle(corner, wide, 0.5, facecolor="none", edgecolor=GRADIENT, linewidth=2.2)
        end.set(gid="end", zorder=3)
        ax.add_patch(end)
        told = f"length {len(text)}: state at step {len(text) - 1}"
        write(ax, (0.6 + wide * steps, y + 0.25), told, size=9, align="left")
    for step in range(steps):
        x = 0.3 + wide * (step + 0.5)
        write(ax, (x, 0.6 * rows + 0.5), str(step), size=8, colour="0.4")
    return ax


def lstm_cell(ax: Axes | None = None) -> Axes:
    """Draw one step of an LSTM, with every gate and every product."""
    ax = sheet(
        9.4,
        5.0,
        ax,
        "One step of an LSTM. The memory runs along the top: c at t-1 times f, plus i times g, "
        "gives c at t. The gates f, i, o (sigmoid) and g (tanh) all read x at t and h at t-1. "
        "Below, o times tanh of c at t gives h at t.",
    )
    line, below = 4.0, 2.1
    gates: tuple[tuple[float, str, Kind], ...] = (
        (1.7, "f", "state"),
        (3.3, "i", "state"),
        (4.5, "g", "memory"),
        (6.4, "o", "state"),
    )
    for x, name, kind in gates:
        box(ax, (x, below), rf"${name}$", kind, (0.8, 0.6))
        write(ax, (x + 0.43, below - 0.48), "tanh" if name == "g" else "σ", size=9, align="left")
        arrow(ax, (x, 0.75), (x, below - 0.3))
    ax.plot([0.9, 6.4], [0.75, 0.75], color="0.15", linewidth=1.2, solid_capstyle="round")
    box(ax, (0.55, 0.75), "$x_t, h_{t-1}$", "input", (1.0, 0.56))
    box(ax, (0.55, line), "$c_{t-1}$", "memory", (0.9, 0.6))
    box(ax, (8.8, line), "$c_t$", "memory", (0.9, 0.6))
    box(ax, (8.8, below), "$h_t$", "output", (0.9, 0.6))
    arrow(ax, (1.0, line), (1.54, line))
    operation(ax, (1.7, line), "×")
    arrow(ax, (1.7, below + 0.3), (1.7, line - 0.16))
    arrow(ax, (1.86, line), (3.74, line))
    operation(ax, (3.9, line), "+")
    operation(ax, (3.9, 3.1), "×")
    arrow(ax, (3.3, below + 0.3), (3.78, 2.99))
    arrow(ax, (4.5, below + 0.3), (4.02, 2.99))
    arrow(ax, (3.9, 3.26), (3.9, line - 0.16))
    arrow(ax, (4.06, line), (8.35, line))
    box(ax, (7.4, 3.1), "tanh", "plain", (0.8, 0.5))
    arrow(ax, (7.4, line), (7.4, 3.35))
    operation(ax, (7.4, below), "×")
    arrow(ax, (7.4, 2.85), (7.4, below + 0.16))
    arrow(ax, (6.8, below), (7.24, below))
    arrow(ax, (7.56, below), (8.35, below))
    for x, told in ((1.7, "keep"), (3.9, "write"), (6.4, "show")):
        write(ax, (x, 4.5 if told != "show" else 2.65), told, size=9, colour="0.4")
    return ax


def ways_back(ax: Axes | None = None) -> Axes:
    """Draw the gradient's way from the loss to the first symbol, in three networks."""
    ax = sheet(
        10.6,
        7.4,
        ax,
        "Three ways of the gradient from the loss to the first symbol. In an RNN it goes back "
        "through every state, times diag(1 - h squared) U each time. In an LSTM it goes back along "
        "the memory, times f each time. With attention it jumps from the context to the state at "
        "t1, times a weight, once.",
    )
    rows: tuple[tuple[float, str, Kind, str], ...] = (
        (6.2, "RNN", "state", r"times $\mathrm{diag}(1-h^2)\,U$ at each step: about 90 times"),
        (3.9, "LSTM", "memory", r"times $f$ at each step along the memory: about 90 times"),
        (1.6, "attention", "state", r"times the weight $\alpha_{t_1}$, once"),
    )
    places = (1.9, 3.5, 5.1, 6.7)
    for y, name, kind, told in rows:
        letter = "c" if name == "LSTM" else "h"
        write(ax, (0.1, y), name, size=11, align="left")
        for x, at in zip(places, ("t_1", "t_1+1", r"\ldots", r"\mathrm{end}"), strict=True):
            mark = r"$\cdots$" if at == r"\ldots" else rf"${letter}_{{{at}}}$"
            box(ax, (x, y), mark, kind, (1.0, 0.56))
        box(ax, (places[0], y - 0.95), "$x_{t_1}$", "input", (0.8, 0.5))
        arrow(ax, (places[0] + 0.12, y - 0.28), (places[0] + 0.12, y - 0.7), back=True)
        arrow(ax, (places[0] - 0.12, y - 0.7), (places[0] - 0.12, y - 0.28))
        for a, b in itertools.pairwise(places):
            arrow(ax, (a + 0.5, y + 0.1), (b - 0.5, y + 0.1))
        box(ax, (9.8, y), "loss", "output", (0.9, 0.56))
        write(ax, (5.6, y - 0.75), told, size=9, colour=GRADIENT)
    for y in (6.2, 3.9):
        for a, b in itertools.pairwise(places):
            arrow(ax, (b - 0.5, y - 0.12), (a + 0.5, y - 0.12), back=True)
        arrow(ax, (7.2, y + 0.1), (9.35, y + 0.1))
        arrow(ax, (9.35, y - 0.12), (7.2, y - 0.12), back=True)
    box(ax, (8.3, 1.6), "context", "plain", (1.1, 0.56))
    arrow(ax, (7.2, 1.7), (7.75, 1.7))
    arrow(ax, (8.85, 1.7), (9.35, 1.7))
    arrow(ax, (9.35, 1.48), (8.85, 1.48), back=True)
    arrow(ax, (8.1, 1.88), (1.9, 1.88), back=True, bend=0.13)
    return ax


def attention_over_steps(ax: Axes | None = None) -> Axes:
    """Draw attention: states, a score for each, weights that add up to 1, and their sum."""
    ax = sheet(
        10.4,
        5.0,
        ax,
        "A row of states h 1 to h T, each reading its input and the state before. Every state "
        "gives a score s. A softmax over the steps turns the scores into weights alpha, drawn "
        "as bars of different height. The sum of alpha times h is the context, from which the "
        "logits come.",
    )
    places, weights = (1.2, 2.9, 4.6, 6.3), (0.08, 0.62, 0.25, 0.05)
    for number, (x, weight) in enumerate(zip(places, weights, strict=True), start=1):
        at = "T" if number == 4 else str(number)
        box(ax, (x, 0.5), f"$x_{at}$", "input", (0.8, 0.5))
        box(ax, (x, 1.6), f"$h_{at}$", "state", (0.8, 0.56))
        arrow(ax, (x, 0.75), (x, 1.32))
        write(ax, (x + 0.12, 2.25), rf"$s_{at}$", size=10, align="left")
        arrow(ax, (x, 1.88), (x, 2.62))
        arrow(ax, (x, 2.98), (x, 3.28))
        bar = Rectangle((x - 0.25, 3.3), 0.5, 1.1 * weight, facecolor=FILLS["memory"])
        bar.set(edgecolor="0.15", gid="weight")
        ax.add_patch(bar)
        write(ax, (x, 3.3 + 1.1 * weight + 0.2), rf"$\alpha_{at}$", size=10)
    for a, b in itertools.pairwise(places):
        arrow(ax, (a + 0.4, 1.6), (b - 0.4, 1.6))
    box(ax, (3.75, 2.8), "softmax over the steps", "plain", (6.3, 0.36))
    box(ax, (8.1, 3.0), r"$\sum_t \alpha_t h_t$", "memory", (1.3, 0.7))
    write(ax, (8.1, 2.4), "context", size=9, colour="0.4")
    for y, told, end in ((3.7, "weights", 3.15), (1.6, "states", 2.7)):
        write(ax, (7.3, y), told, size=9, colour="0.4")
        arrow(ax, (7.3, y + (0.2 if end > y else -0.2)), (7.44, end))
    arrow(ax, (6.7, 1.6), (6.95, 1.6))
    box(ax, (9.6, 4.3), "logits", "output", (1.0, 0.56))
    arrow(ax, (8.5, 3.38), (9.1, 4.1))
    return ax
