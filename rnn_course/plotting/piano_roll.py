"""Tunes as pictures: time to the right, pitch upward."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_course.data.melody import NOTES
from rnn_course.plotting.diagram import INK
from rnn_course.plotting.showing import described


def piano_roll(tunes: Mapping[str, Sequence[str]], right: Sequence[str]) -> Figure:
    """Draw tunes one above the other; where another note sounds than should, it is hatched.

    Args:
        tunes: symbols out of `NOTES`, by name, each as many as in ``right``.
        right: what each of them should be.
    """
    figure = Figure(figsize=(10, 0.6 + 1.25 * len(tunes)), layout="constrained")
    told = []
    axes = figure.subplots(len(tunes), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, tune) in zip(axes, tunes.items(), strict=True):
        _bars(ax, tune, right)
        pairs = zip(tune, right, strict=True)
        good = next((t for t, (a, b) in enumerate(pairs) if a != b), len(right))
        said = "right to the end" if good == len(right) else f"right for {good} symbols"
        ax.set_title(f"{name}: {said}", fontsize=10, loc="left")
        ax.set(yticks=range(1, len(NOTES)), yticklabels=NOTES[1:], ylim=(0.3, len(NOTES) - 0.3))
        ax.set_xlim(0, len(right))
        told.append(f"{name}, {said}.")
    axes[-1].set_xlabel("time (eighth notes); hatched: another note than in the tune")
    return described(figure, "Notes as bars, one row of bars for each tune. " + " ".join(told))


def _bars(ax: Axes, tune: Sequence[str], right: Sequence[str]) -> None:
    """Draw a bar for each eighth at which something sounds; a new note has an edge."""
    sounding = zip(tune, _pitches(tune), _pitches(right), strict=True)
    for t, (note, pitch, wanted) in enumerate(sounding):
        fits: dict[str, Any] = (
            {"color": "#0072B2"} if pitch == wanted else {"color": "white", "hatch": "////"}
        )
        if pitch:
            edge = 0.4 * (note != "-")
            ax.barh(pitch, 1, left=t, height=0.8, edgecolor=INK, linewidth=edge, **fits)


def _pitches(tune: Sequence[str]) -> list[int]:
    """Return what sounds at each eighth, by its place in `NOTES`; 0 before the first note."""
    pitches: list[int] = []
    for note in tune:
        held = pitches[-1] if pitches else 0
        pitches.append(held if note == "-" else NOTES.index(note))
    return pitches
