"""MFCC features as the course defines them, computed once and kept.

The definition is one line of librosa a clip::

    librosa.feature.mfcc(y=clip, sr=16000, hop_length=512, n_fft=2048)   # (20, 32)

`mfcc` gives the same numbers, transposed to (T, D) = (32, 20), many clips at a time.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import librosa
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from scipy.fft import rfft
from scipy.signal import get_window
from scipy.sparse import csr_array

from rnn_course.data.cache import atomic_file, cache_dir
from rnn_course.errors import ShapeError
from rnn_course.progress import progress_bar

PARAMETERS = {"sr": 16_000, "hop_length": 512, "n_fft": 2048}
STEPS, COEFFICIENTS = 32, 20  # T and D of a clip of one second

_TOP_DB = 80.0  # librosa's default: what is this far below the loudest is cut off
_BATCH = 4  # clips: with more, time goes into handing big arrays back and forth


def mfcc(clips: np.ndarray) -> np.ndarray:
    """Compute the MFCC of several clips of the same length.

    Before 1.0, librosa on a whole batch is not librosa clip by clip: it cuts off what lies 80 dB
    below the loudest moment *of the batch*, so that a quiet clip's features depend on its
    neighbours. Here each clip has its own maximum, and the numbers are those of either librosa.

    Args:
        clips: (N, samples) at 16 kHz within [-1, 1].

    Returns:
        (N, T, 20) float32, T = 1 + samples // 512.

    Raises:
        ShapeError: ``clips`` is not two-dimensional.
    """
    if clips.ndim != 2:
        raise ShapeError(
            "clips of shape (N, samples)", f"shape {clips.shape}", "Pass one clip as clip[None]."
        )
    size, hop = PARAMETERS["n_fft"], PARAMETERS["hop_length"]
    padded = np.pad(clips.astype(np.float32), ((0, 0), (size // 2, size // 2)))
    frames = sliding_window_view(padded, size, axis=1)[:, ::hop]  # (N, T, n_fft)
    spectrum = rfft(frames * get_window("hann", size).astype(np.float32))
    power = spectrum.real**2 + spectrum.imag**2
    mel = _mel_filter() @ power.reshape(-1, power.shape[-1]).T  # (128, N T)
    decibel = librosa.power_to_db(mel.reshape(len(mel), len(clips), -1), top_db=None)
    decibel = decibel.swapaxes(0, 1)
    loudest = decibel.max(axis=(1, 2), keepdims=True)
    coefficients = librosa.feature.mfcc(S=np.maximum(decibel, loudest - _TOP_DB))
    return np.ascontiguousarray(coefficients.swapaxes(1, 2), dtype=np.float32)


@cache
def _mel_filter() -> csr_array:
    """Return librosa's (128, 1025) filter; all but 1.5 % of it is zero."""
    return csr_array(librosa.filters.mel(sr=PARAMETERS["sr"], n_fft=PARAMETERS["n_fft"]))


def cached_mfcc(files: Sequence[Path], read: Callable[[Path], np.ndarray]) -> np.ndarray:
    """Compute the MFCC of many files once; later calls read one file from the cache.

    The cache is keyed by the bytes of the files and by the parameters, not by names or dates:
    a file that changes is computed again, a folder that moves is not.

    Args:
        files: the clips, in order.
        read: turns a file into one second of samples.

    Returns:
        (N, 32, 20) float32.
    """
    stored = cache_dir() / "features" / f"mfcc-{_key(files)}.safetensors"
    expected = (len(files), STEPS, COEFFICIENTS)
    if stored.is_file():
        try:
            kept = load_file(stored)["features"]
        except (SafetensorError, KeyError):  # cut short by a full disk: compute it again
            kept = np.empty(0)
        if kept.shape == expected:
            return kept
    features = np.empty(expected, dtype=np.float32)
    with progress_bar(total=len(files), desc="features", unit="clip", leave=False) as bar:
        for start in range(0, len(files), _BATCH):
            batch = np.stack([read(file) for file in files[start : start + _BATCH]])
            features[start : start + len(batch)] = mfcc(batch)
            bar.update(len(batch))
    with atomic_file(stored) as partial:
        save_file({"features": features}, partial)
    return features


def _key(files: Iterable[Path]) -> str:
    version = librosa.__version__  # type: ignore[attr-defined]  # its stub leaves it out
    digest = hashlib.sha256(f"{version} {sorted(PARAMETERS.items())}".encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]
