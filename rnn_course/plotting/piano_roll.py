"""Tunes as pictures: time to the right, pitch upward."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from rnn_course.data.melody import NOTES
from rnn_course.plotting.diagram import INK
from rnn_course.plotting.touching import View


def piano_roll(tunes: Mapping[str, Sequence[str]], right: Sequence[str]) -> View:
    """Draw tunes one above the other; what is not as it should be is hatched.

    Args:
        tunes: symbols out of `NOTES`, by name.
        right: what each of them should be.
    """
    figure = Figure(figsize=(10, 0.4 + 1.2 * len(tunes)), layout="constrained")
    told = []
    axes = figure.subplots(len(tunes), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, tune) in zip(axes, tunes.items(), strict=True):
        pitch = 0
        for t, note in enumerate(tune):
            pitch = NOTES.index(note) if note != "-" else pitch
            look = {"color": "#0072B2"} if note == right[t] else {"color": "white", "hatch": "////"}
            if pitch:
                edge = 0.4 * (note != "-")
                ax.barh(pitch, 1, left=t, height=0.8, edgecolor=INK, linewidth=edge, **look)
        same = sum(a == b for a, b in zip(tune, right, strict=True))
        ax.set_title(f"{name}: {same} of {len(right)} as in the tune", fontsize=10, loc="left")
        ax.set(yticks=range(1, len(NOTES)), yticklabels=NOTES[1:], ylim=(0.3, len(NOTES) - 0.3))
        ax.set_xlim(0, len(right))
        told.append(f"{name}, {same} of {len(right)} symbols are those of the tune.")
    axes[-1].set_xlabel("time (eighth notes); hatched: not as in the tune")
    return View(figure, "Notes as bars, one row of bars for each tune. " + " ".join(told))
