"""Pictures of the mathematics that the derivation needs: a product, a one-hot row, eigenvalues."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnn_course.plotting.diagram import GRADIENT, INK, TINT
from rnn_course.plotting.showing import described

_SIZES = {"B": 1.2, "H": 2.0, "K": 0.8}  # of the sides, in the drawing's units


def product_gradients() -> Figure:
    """Draw a product of matrices and the gradients of both factors, as blocks with their sides."""
    figure = Figure(figsize=(10.5, 2.0), layout="constrained")
    ax = figure.subplots()
    ax.set(xlim=(-0.6, 19.0), ylim=(-0.2, 3.2), aspect="equal")
    ax.axis("off")
    at = _blocks(ax, 0.0, ("C", "BK"), ("A", "BH"), ("W", "HK"), INK)
    at = _blocks(ax, at, (r"\partial W", "HK"), (r"A^\top", "HB"), (r"\partial C", "BK"), GRADIENT)
    _blocks(ax, at, (r"\partial A", "BH"), (r"\partial C", "BK"), (r"W^\top", "KH"), GRADIENT)
    return described(
        figure,
        "Three equations of rectangles whose sides carry their sizes. C, B by K, is A, B by H, "
        "times W, H by K. The gradient of W, H by K, is A transposed, H by B, times the gradient "
        "of C, B by K. The gradient of A, B by H, is the gradient of C, B by K, times W "
        "transposed, K by H. Sides that touch in a product are equal.",
    )


def _blocks(
    ax: Axes,
    at: float,
    result: tuple[str, str],
    first: tuple[str, str],
    second: tuple[str, str],
    colour: str,
) -> float:
    """Draw result = first · second from ``at`` on; return where the next equation begins."""
    for (name, sides), sign in zip((result, first, second), ("=", "·", ""), strict=True):
        down, across = tuple(sides)
        width, height = _SIZES[across], _SIZES[down]
        low = 1.4 - height / 2
        ax.add_patch(Rectangle((at, low), width, height, facecolor=TINT, edgecolor=colour))
        ax.text(at + width / 2, 1.4, f"${name}$", ha="center", va="center", fontsize=12)
        ax.text(at + width / 2, low + height + 0.28, across, ha="center", va="center", fontsize=9)
        ax.text(at - 0.22, 1.4, down, ha="center", va="center", fontsize=9)
        ax.text(at + width + 0.28, 1.4, sign, ha="center", va="center", fontsize=14)
        at += width + 0.85
    return at + 0.35


def one_hot() -> Figure:
    """Draw probabilities, the one-hot row of the right class, and their difference."""
    probabilities = np.array([0.1, 0.6, 0.2, 0.1])
    right = np.array([0.0, 0.0, 1.0, 0.0])
    rows = (("p", probabilities), ("onehot", right), ("p − onehot", probabilities - right))
    figure = Figure(figsize=(5.6, 2.2), layout="constrained")
    ax = figure.subplots()
    for place, (name, numbers) in enumerate(rows):
        for k, number in enumerate(numbers):
            ax.add_patch(Rectangle((k, -place), 0.92, 0.8, facecolor=TINT if number else "white",
                                   edgecolor=INK))  # fmt: skip
            text = f"{number:.1f}".replace("-", "−")
            ax.text(k + 0.46, 0.4 - place, text, ha="center", va="center")
        ax.text(-0.25, 0.4 - place, name, ha="right", va="center")
    for k in range(4):
        ax.text(k + 0.46, 1.05, f"class {k}", ha="center", va="center", fontsize=9)
    ax.set(xlim=(-2.0, 4.1), ylim=(-2.1, 1.4))
    ax.axis("off")
    return described(
        figure,
        "Four classes, the right one is class 2. The probabilities are 0.1, 0.6, 0.2, 0.1; the "
        "one-hot row is 0, 0, 1, 0; their difference is 0.1, 0.6, minus 0.8, 0.1: positive where "
        "a score should fall, negative where it should rise.",
    )


def repeated_product(radii: tuple[float, ...] = (0.9, 1.0, 1.1), steps: int = 20) -> Figure:
    """Draw what becomes of a vector that is multiplied by the same matrix again and again.

    Args:
        radii: spectral radii, one panel each; every matrix also turns the vector a little.
        steps: products.
    """
    figure = Figure(figsize=(3.1 * len(radii), 3.3), layout="constrained")
    angle = np.pi / 9
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for ax, radius in zip(figure.subplots(1, len(radii), squeeze=False)[0], radii, strict=True):
        path = [np.array([1.0, 0.0])]
        for _ in range(steps):
            path.append(radius * turn @ path[-1])
        ax.plot(*np.array(path).T, "o-", color=INK, markersize=3, linewidth=0.8)
        ax.plot(1, 0, "s", color=GRADIENT, markersize=8)
        reach = 1.15 * np.abs(path).max()
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.set_title(
            f"ρ = {radius:g}: length {np.linalg.norm(path[-1]):.2f} at the end", fontsize=10
        )
    return described(
        figure,
        f"Three plots of a point that starts at the red square and is multiplied {steps} times by "
        "a matrix that turns it. With spectral radius 0.9 it spirals into the origin, with 1.0 it "
        "stays on a circle, with 1.1 it spirals outward.",
    )
