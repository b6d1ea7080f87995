"""Drawings of language models at work: the next character, two kinds of inputs, fused products.

Each returns its axes. The letters are those of coursework 4.
"""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rnn_course.plotting.canvas import FILLS, arrow, box, operation, sheet, write

_PLACES = (1.7, 3.7, 5.7, 7.7)


def next_character(ax: Axes | None = None) -> Axes:
    """Draw an unrolled language model that reads "the " and is to say what follows."""
    ax = sheet(
        9.8,
        4.4,
        ax,
        "A language model, unrolled over four steps. It reads t, h, e and a space, one a step. "
        "Each cell hands its state s to the next one and gives logits z, which should be close "
        "to the target above: the character that comes next, so h, e, a space and f.",
    )
    for x, letter, target, at in zip(_PLACES, "the␣", "he␣f", "1234", strict=True):
        box(ax, (x, 0.5), letter, "input", (0.7, 0.56))
        box(ax, (x, 1.7), "cell", "state", (0.9, 0.6))
        box(ax, (x, 2.9), f"$z_{at}$", "output", (0.8, 0.56))
        box(ax, (x, 3.9), target, "plain", (0.7, 0.5))
        arrow(ax, (x, 0.78), (x, 1.4))
        arrow(ax, (x, 2.0), (x, 2.62))
        write(ax, (x + 0.1, 2.3), f"$h_{at}$", size=9, align="left")
        write(ax, (x + 0.1, 1.1), f"$x_{at}$", size=9, align="left")
        write(ax, (x, 3.4), "≈", size=11, colour="0.4")
        arrow(ax, (x + 0.45, 1.7), (x + 1.55, 1.7))
        write(ax, (x + 1.0, 1.93), f"$s_{at}$", size=9)
    arrow(ax, (0.6, 1.7), (1.25, 1.7))
    write(ax, (0.9, 1.93), "$s_0$", size=9)
    for y, told in ((0.5, "read"), (2.9, "logits"), (3.9, "target")):
        write(ax, (0.05, y), told, size=9, colour="0.4", align="left")
    return ax


def own_inputs(ax: Axes | None = None) -> Axes:
    """Draw what a model reads: the text itself while it learns, its own output while it writes."""
    ax = sheet(
        9.8,
        5.6,
        ax,
        "Two rows of three cells. While it learns, a model reads the characters of the text, "
        "whatever it has said itself. While it writes, an arrow leads from each softmax to the "
        "next input: it reads the character that was drawn.",
    )
    for base, told, letters in ((3.1, "learning", "the"), (0.3, "writing", "t")):
        write(ax, (0.05, base + 1.2), told, size=10, align="left")
        for index, x in enumerate(_PLACES[:3]):
            letter = letters[index] if index < len(letters) else "?"
            box(ax, (x + 0.6, base), letter, "input", (0.6, 0.46))
            box(ax, (x + 0.6, base + 1.0), "cell", "state", (0.8, 0.5))
            box(ax, (x + 0.6, base + 1.95), "softmax", "output", (1.0, 0.46))
            arrow(ax, (x + 0.6, base + 0.23), (x + 0.6, base + 0.75))
            arrow(ax, (x + 0.6, base + 1.25), (x + 0.6, base + 1.72))
            arrow(ax, (x + 1.0, base + 1.0), (x + 2.2, base + 1.0))
            if told == "writing":
                arrow(ax, (x + 1.1, base + 1.85), (x + 2.3, base + 0.1), bend=-0.25)
    write(ax, (9.0, 4.1), "the text\nwhatever\nwas said", size=9, colour="0.4")
    write(ax, (9.2, 0.75), "what was\ndrawn", size=9, colour="0.4")
    return ax


def fused_products(ax: Axes | None = None) -> Axes:
    """Draw one step of an LSTM's products twice: eight small ones, and one large one."""
    ax = sheet(
        10.4,
        4.4,
        ax,
        "Left: each gate i, f, g, o has a matrix W for the input and a matrix U for the state, "
        "so a step needs eight products and four sums. Right: the four matrices U are stacked "
        "into one, and the products of W with all inputs are made once, before the loop.",
    )
    for row, (gate, y) in enumerate(zip("ifgo", (3.5, 2.6, 1.7, 0.8), strict=True)):
        _matrix(ax, (0.3, y), rf"$W_{gate}$")
        _matrix(ax, (2.2, y), rf"$U_{gate}$")
        write(ax, (1.5, y + 0.35), "$x_t$", size=10)
        write(ax, (3.4, y + 0.35), "$h_{t-1}$", size=10)
        operation(ax, (1.95, y + 0.35), "+")
        _matrix(ax, (8.0, 3.5 - 0.7 * row), rf"$U_{gate}$")
    write(ax, (2.1, 0.3), "eight products, four sums a step", size=10, colour="0.4")
    box(ax, (6.0, 2.8), "$W x_1, W x_2, \\ldots, W x_T$", "memory", (2.9, 0.7))
    write(ax, (6.0, 2.2), "once, before the loop", size=9, colour="0.4")
    operation(ax, (7.7, 2.8), "+")
    write(ax, (9.5, 2.8), "$h_{t-1}$", size=10)
    write(ax, (7.6, 0.3), "one product a step", size=10, colour="0.4")
    return ax


def _matrix(ax: Axes, corner: tuple[float, float], name: str) -> None:
    patch = Rectangle(corner, 0.9, 0.7, facecolor=FILLS["state"], edgecolor="0.15", gid="matrix")
    ax.add_patch(patch)
    write(ax, (corner[0] + 0.45, corner[1] + 0.35), name)
