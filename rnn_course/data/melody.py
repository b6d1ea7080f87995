"""A tune as a sequence of symbols, and the sound of such a sequence.

The theme of the last movement of Beethoven's ninth symphony (1824), known as the *Ode to Joy*,
written down eighth by eighth: a letter begins a note, ``-`` holds it.
"""

import io
import wave
from collections.abc import Sequence

import numpy as np

from rnn_course.errors import DataError

_FIRST = "E - E - F - G - G - F - E - D - C - C - D - E - E - - D D - - -"
_AGAIN = "E - E - F - G - G - F - E - D - C - C - D - E - D - - C C - - -"
_OTHER = "D - D - E - C - D - E F E - C - D - E F E - D - C - D - G, - - -"

ODE_TO_JOY = " ".join((_FIRST, _AGAIN, _OTHER, _AGAIN)).split()
"""128 symbols: four phrases of 32. The first two differ only in their last bar."""

NOTES = ("-", "G,", "C", "D", "E", "F", "G")
"""All symbols, from low to high; ``G,`` lies below C."""

_HALF_TONES = {"G,": -5, "C": 0, "D": 2, "E": 4, "F": 5, "G": 7}  # above the C of 262 Hz
_RATE = 8000  # samples a second: little, so that a notebook stays small
_EIGHTH = 0.16  # seconds


def sound(notes: Sequence[str]) -> bytes:
    """Return what a sequence of symbols sounds like, as a WAV file with one byte a sample.

    Args:
        notes: symbols out of `NOTES`.

    Raises:
        DataError: a symbol is none of them.
    """
    unknown = [note for note in notes if note not in NOTES]
    if unknown:
        raise DataError(
            f"notes out of {' '.join(NOTES)}",
            repr(unknown[0]),
            "Turn the network's classes into symbols first: NOTES[k] is the symbol of class k.",
        )
    samples = np.concatenate([np.zeros(0), *(_tone(n, k) for n, k in _held(notes))])
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(_RATE)
        out.writeframes((128 + 100 * samples).astype(np.uint8).tobytes())
    return file.getvalue()


def _held(notes: Sequence[str]) -> list[tuple[str, int]]:
    """Return each note with its length in eighths; what is held before any note is silence."""
    held: list[tuple[str, int]] = []
    for note in notes:
        if note == "-" and held:
            held[-1] = (held[-1][0], held[-1][1] + 1)
        else:
            held.append((note, 1))
    return held


def _tone(note: str, eighths: int) -> np.ndarray:
    """Return a plucked tone: a few harmonics that die away."""
    time = np.arange(int(_RATE * _EIGHTH * eighths)) / _RATE
    if note not in _HALF_TONES:
        return np.zeros(time.size)
    pitch = 261.63 * 2 ** (_HALF_TONES[note] / 12)
    harmonics = sum(np.sin(2 * np.pi * k * pitch * time) / k**2 for k in (1, 2, 3))
    return 0.6 * harmonics * np.exp(-2.5 * time) * np.minimum(1, time / 0.01)
