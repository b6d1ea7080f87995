"""One memory cell of an LSTM whose gates are turned by hand."""

import numpy as np
from matplotlib.figure import Figure

from rnn_course.plotting.showing import described
from rnn_course.training.drawing import style

_STEPS = 24
_PULSES = {3: 1.0, 14: 0.5}  # the proposals g that come in, by time step


def memory(f: float = 0.95, i: float = 0.9, o: float = 0.5) -> Figure:
    """Draw what a memory makes of two short signals while its gates stand still.

    Args:
        f, i, o: how far the forget, input and output gates are open, 0 to 1.
    """
    arriving = np.array([_PULSES.get(t, 0.0) for t in range(_STEPS)])
    kept, held = [], 0.0
    for signal in arriving:
        held *= f
        held += i * signal
        kept.append(held)
    figure = Figure(figsize=(8.5, 3.9), layout="constrained")
    top, low = figure.subplots(2, 1, sharex=True, height_ratios=[1, 2.4])
    top.stem(arriving, basefmt=" ", linefmt="0.3", markerfmt="ks")
    top.set(ylabel="proposal g", ylim=(-0.2, 1.4))
    look = [style(0), style(1)]
    low.plot(kept, label="memory c", markevery=3, **look[0])
    low.plot(o * np.tanh(kept), label="shown, h", markevery=3, **look[1])
    low.axhline(0, color="0.6", linewidth=0.8)
    low.set(xlabel="time step", ylim=(-0.1, 1.75))
    low.legend(loc="upper right", fontsize=9)
    top.set_title(f"forget gate f = {f:.2f}, input gate i = {i:.2f}, output gate o = {o:.2f}",
                  fontsize=11)  # fmt: skip
    return described(figure, _told(f, i, o, kept))


def _told(f: float, i: float, o: float, kept: list[float]) -> str:
    first, second = _PULSES
    return (
        f"A signal of {_PULSES[first]:g} arrives at step {first}, one of {_PULSES[second]:g} at "
        f"step {second}. With f = {f:.2f}, i = {i:.2f} and o = {o:.2f} the memory is "
        f"{kept[first]:.2f} after the first, {kept[second - 1]:.2f} just before the second and "
        f"{kept[-1]:.2f} at the end. What is shown of it is a tanh of it, times o."
    )
