"""How the length of a gradient changes on its way back through a random plain network."""

import numpy as np
from matplotlib.figure import Figure

from rnn_course.plotting.diagram import GRADIENT, INK
from rnn_course.plotting.showing import described
from rnn_course.training.drawing import style

_STEPS, _UNITS = 50, 100
_FLOOR, _CEILING = 1e-16, 1e6  # of what is drawn


def backward_lengths(rho: float, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how long a gradient is after 0 to 50 steps back, and the slopes that it met.

    The network is random, the same at every call, but for its size.

    Args:
        rho: spectral radius of the matrix from state to state.
        strength: standard deviation of what the inputs add inside tanh.

    Returns:
        Lengths (51,), the first of them 1; and slopes of tanh (50, 100).
    """
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(_UNITS, _UNITS))
    weights *= rho / np.abs(np.linalg.eigvals(weights)).max()
    drive, sent = rng.normal(size=(_STEPS, _UNITS)), rng.normal(size=_UNITS)
    slopes, state = [], np.zeros(_UNITS)
    for pushed in strength * drive:
        state = np.tanh(state @ weights + pushed)
        slopes.append(1 - state**2)
    gradient = sent / np.linalg.norm(sent)
    lengths = [1.0]
    for slope in slopes[::-1]:
        gradient = weights @ (slope * gradient)
        lengths.append(float(np.linalg.norm(gradient)))
    return np.array(lengths), np.array(slopes)


def vanishing(rho: float = 1.0, strength: float = 0.1) -> Figure:
    """Draw the length of the gradient step by step, and how steep tanh was on the way.

    Args:
        rho: spectral radius of the matrix from state to state.
        strength: standard deviation of what the inputs add inside tanh.
    """
    lengths, slopes = backward_lengths(rho, strength)
    figure = Figure(figsize=(9.5, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[2, 1])
    left.semilogy(lengths, markevery=5, **style(0))
    left.axhline(1, color="0.6", linewidth=0.8)
    left.set(xlabel="steps back", ylabel="length of the gradient", ylim=(_FLOOR, _CEILING))
    left.set_title(f"ρ = {rho:.2f}, inputs of strength {strength:g}", fontsize=11)
    left.grid(alpha=0.3)
    right.hist(slopes.ravel(), bins=20, range=(0, 1), color="0.75", edgecolor=INK, linewidth=0.5)
    right.axvline(slopes.mean(), color=GRADIENT, linestyle="--")
    right.set(xlabel="slope of tanh, 1 − h²", yticks=[], ylabel="units and steps")
    right.set_title(f"mean slope {slopes.mean():.2f}", fontsize=11)
    return described(figure, _told(rho, strength, lengths[-1], slopes.mean()))


def several(radii: tuple[float, ...] = (0.5, 0.9, 1.0, 1.1, 1.5)) -> Figure:
    """Draw the lengths for several spectral radii: with weak inputs, and with strong ones.

    Args:
        radii: spectral radii.
    """
    figure = Figure(figsize=(10, 3.8), layout="constrained")
    for ax, strength in zip(figure.subplots(1, 2, sharey=True), (0.001, 1.0), strict=True):
        for index, rho in enumerate(radii):
            lengths = backward_lengths(rho, strength)[0]
            ax.semilogy(lengths, markevery=5, label=f"ρ = {rho:g}", **style(index))
        ax.set(xlabel="steps back", title=f"inputs of strength {strength:g}", ylim=(_FLOOR, 1e4))
        ax.grid(alpha=0.3)
    figure.axes[0].set_ylabel("length of the gradient")
    figure.axes[1].legend(fontsize=9)
    return described(
        figure,
        "Two plots of the length of a gradient against steps back, on a logarithmic axis, with a "
        f"line for each of the spectral radii {', '.join(f'{rho:g}' for rho in radii)}. Left, "
        "with weak inputs, the lines are nearly straight at first: they fall for radii below 1, "
        "stay level at 1 and rise above it. Right, with strong inputs, all of them lie lower.",
    )


def _told(rho: float, strength: float, last: float, slope: float) -> str:
    return (
        f"With spectral radius {rho:.2f} and inputs of strength {strength:g}, a gradient of "
        f"length 1 has length {last:.0e} after {_STEPS} steps back. The mean slope of tanh on the "
        f"way is {slope:.2f}."
    )
