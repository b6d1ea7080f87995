"""Spoken words that nobody has trained on: fresh synthetic clips for every seed."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from rnn_course.data.cache import atomic_file, cache_dir
from rnn_course.data.features import mfcc
from rnn_course.data.speech_commands import read_clip
from rnn_course.data.synthetic_speech import VERSION, generate
from rnn_course.seeding import derive

SPEAKERS = 50
TAKES = 2


def held_back_speech(
    seed: int | str, classes: Sequence[str] = ("one", "two", "three")
) -> tuple[np.ndarray, np.ndarray]:
    """Speak clips in voices that are not among those to train on; a few seconds, then cached.

    Args:
        seed: decides voices, manners, rooms and noise.
        classes: words, in the order of the labels.

    Returns:
        Features (N, 32, 20) float32 as `SpeechCommands` gives them, and labels (N,) int64, with
        N = 100 for each word.

    Raises:
        DataError: espeak-ng fails.
    """
    number = derive(seed, "held_back_speech")
    name = f"{derive(number, VERSION, *classes):016x}"
    stored = _folder() / f"{name}.safetensors"
    if not stored.is_file():
        _speak(stored, number, classes)
    try:
        kept = load_file(stored)
    except SafetensorError:  # cut short by a full disk: speak again
        _speak(stored, number, classes)
        kept = load_file(stored)
    return kept["features"], kept["labels"]


def _folder() -> Path:
    """Return a folder beside the cache: what is in the cache itself, student code may read."""
    cache = cache_dir()
    return cache.with_name(f"{cache.name}-held-back")


def _speak(stored: Path, number: int, classes: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "words"
        generate(folder, classes, count=SPEAKERS, takes=TAKES, seed=number)
        features, labels = [], []
        for label, word in enumerate(classes):
            files = sorted((folder / word).glob("*.wav"))
            features.append(mfcc(np.stack([read_clip(file) for file in files])))
            labels += [label] * len(files)
    with atomic_file(stored) as partial:
        save_file({"features": np.concatenate(features), "labels": np.array(labels)}, partial)
