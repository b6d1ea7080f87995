"""A second of one's own voice: from whatever a phone or a browser recorded to a clip."""

import io
from pathlib import Path

import librosa
import numpy as np
import soundfile

from rnn_course.data.speech_commands import CLIP, RATE
from rnn_course.errors import DataError

_PEAK = 0.5  # about that of the clips that the networks were trained on


def own_clip(recording: bytes | str | Path) -> np.ndarray:
    """Cut the loudest second out of a recording, at the loudness of the course's clips.

    Args:
        recording: a sound file or its bytes (WAV, FLAC, OGG or MP3), at any rate, with any
            number of channels.

    Returns:
        (16000,) float32 within [-1, 1].

    Raises:
        DataError: it cannot be read as sound, or nothing is to be heard in it.
    """
    samples, rate = _read(recording)
    mono = samples.mean(axis=1)
    if rate != RATE:
        mono = librosa.resample(mono, orig_sr=rate, target_sr=RATE)
    mono = np.pad(mono, (0, max(0, CLIP - mono.size)))
    energy = np.concatenate([[0.0], np.cumsum(mono.astype(np.float64) ** 2)])
    start = int(np.argmax(energy[CLIP:] - energy[:-CLIP]))
    clip = mono[start : start + CLIP]
    peak = float(np.abs(clip).max())
    if not 1e-4 < peak < np.inf:
        raise DataError(
            "a recording in which something is to be heard",
            "silence" if peak < 1 else "samples that are no finite numbers",
            "Look whether the microphone is switched on, and record again.",
        )
    return (clip * (_PEAK / peak)).astype(np.float32)


def _read(recording: bytes | str | Path) -> tuple[np.ndarray, int]:
    """Return samples (N, channels) and their rate."""
    if isinstance(recording, bytes):
        source: str | io.BytesIO = io.BytesIO(recording)
        what = f"{len(recording)} bytes"
    else:
        source = what = str(recording)
    try:
        samples, rate = soundfile.read(source, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise DataError(
            "a sound file (WAV, FLAC, OGG or MP3)",
            f"{what}: {error}",
            "Record as WAV, or convert it: ffmpeg -i recording.m4a recording.wav",
        ) from error
    if not len(samples):
        raise DataError("a sound file with samples", "none", "Record again.")
    return samples, rate
