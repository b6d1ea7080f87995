"""Speech Commands: one-second clips of single words, as MFCC features with labels."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import librosa
import numpy as np
import soundfile
import torch
from torch.utils.data import Dataset

from rnn_course.data.features import cached_mfcc
from rnn_course.data.speech_effects import CLIP, RATE
from rnn_course.data.speech_layout import SPLITS, WORDS, list_split
from rnn_course.data.speech_sources import download as download_recordings
from rnn_course.data.speech_sources import find_source
from rnn_course.errors import DataError


class SpeechCommands(Dataset[tuple[torch.Tensor, int]]):
    """Words spoken by many people, one second each.

    ``data[i]`` is ``(features, label)``: features a float32 tensor (T, D) = (32, 20), the MFCC
    of the clip; label an int, the position of the word in ``classes``.

    Where the clips come from, in this order: the folder ``root`` or ``$RNN_COURSE_DATA``; the
    cached download (``rnn-course data speech --download``); synthetic speech, generated on
    first use, which needs no network. Which one it is, is printed once.

    Args:
        split: train, valid or test. No speaker is in two of them.
        root: a folder with the data set, or with ``data_speech_commands_v0.02`` in it.
        classes: words, among the 35 published ones.
        source: auto (the order above), folder, download or synthetic.

    Attributes:
        classes: the words, in the order of the labels.
        features: (N, T, D) float32 tensor of all clips.
        labels: (N,) int64 tensor.
        source: a sentence that says where the clips come from.
        files: the clips' files.

    Raises:
        DataError: a folder, class, file or split is missing or damaged, or a name is unknown.

    References:
        Warden (2018), Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition.
    """

    def __init__(
        self,
        split: str,
        *,
        root: str | Path | None = None,
        classes: Sequence[str] = ("one", "two", "three"),
        source: str = "auto",
    ) -> None:
        _check_names(split, classes)
        self.split, self.classes = split, tuple(classes)
        folder, self.source = find_source(source, root, self.classes)
        _announce(self.source)
        items = list_split(folder, split, self.classes)
        self.files = [item.path for item in items]
        self.features = torch.from_numpy(cached_mfcc(self.files, read_clip))
        self.labels = torch.tensor([item.label for item in items])

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.features[index], int(self.labels[index])

    def clip(self, index: int) -> tuple[np.ndarray, int]:
        """Return the samples of a clip, to play or to plot.

        Returns:
            Samples, (16000,) float32 within [-1, 1], and their rate, 16000 a second.
        """
        return read_clip(self.files[index]), RATE

    def __repr__(self) -> str:
        return f"SpeechCommands({self.split!r}, {len(self)} clips of {', '.join(self.classes)})"


def prepare(*, download: bool, classes: Sequence[str] = ("one", "two", "three")) -> str:
    """Make the data ready for use, and say what is there now and where.

    Args:
        download: whether to fetch the published recordings (2.3 GB) if they are not there.
        classes: words that the synthesiser speaks where there are no recordings.

    Raises:
        DataError: as for `SpeechCommands`; DownloadError when the download breaks off.
    """
    _check_names("train", classes)
    if download:
        download_recordings()
    folder, sentence = find_source("download" if download else "auto", None, classes)
    counts = [f"{len(list_split(folder, split, classes))} {split}" for split in SPLITS]
    return f"{sentence} {', '.join(counts)} clips of {', '.join(classes)} in {folder}."


def read_clip(file: Path) -> np.ndarray:
    """Read one second of sound.

    Another sampling rate is resampled to 16 kHz, a shorter clip is padded at its end with
    silence, and a longer one loses its end.

    Returns:
        (16000,) float32 within [-1, 1].

    Raises:
        DataError: the file cannot be read, is empty, has more than one channel, or holds samples
            that are no numbers.
    """
    try:
        samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise DataError(
            f"a readable sound file at {file}",
            f"{error}",
            "Restore the file from the data set, or delete it.",
        ) from error
    length, channels = samples.shape
    if channels != 1 or length == 0:
        raise DataError(
            f"one channel of sound in {file}",
            f"{channels} channels with {length} samples each",
            "Convert it to mono, or delete it.",
        )
    if not np.isfinite(samples).all():
        raise DataError(
            f"samples within [-1, 1] in {file}",
            f"{np.count_nonzero(~np.isfinite(samples))} of {length} that are NaN or infinite",
            "Restore the file from the data set, or delete it.",
        )
    clip = samples[:, 0]
    if rate != RATE:
        clip = librosa.resample(clip, orig_sr=rate, target_sr=RATE)
    return np.pad(clip[:CLIP], (0, max(0, CLIP - clip.size)))


def _check_names(split: str, classes: Sequence[str]) -> None:
    if split not in SPLITS:
        raise DataError(f"split in {SPLITS}", repr(split), "Choose one of them.")
    if isinstance(classes, str):
        raise DataError("classes, a sequence of words", repr(classes), f"Pass ({classes!r},).")
    unknown = [word for word in classes if word not in WORDS]
    if unknown or not classes or len(set(classes)) < len(classes):
        raise DataError(
            f"classes, different words among {', '.join(WORDS)}",
            repr(tuple(classes)),
            "Correct the spelling; each word may appear once.",
        )


@cache
def _announce(sentence: str) -> None:
    """Print a sentence the first time it is said in this process."""
    print(sentence)
