"""MFCC features: many clips at once against librosa clip by clip, and kept against recomputed."""

import os
import tempfile
from collections.abc import Callable
from time import perf_counter
from unittest.mock import patch

import librosa
import torch

from rnn_course.data.features import PARAMETERS, cached_mfcc, mfcc
from rnn_course.data.speech_commands import SpeechCommands, read_clip


def run() -> list[dict]:
    """Measure on the test split of the course's three words.

    Returns:
        Rows with what, value (a ratio), unit, bar (the least value that is promised) and met.
    """
    data = SpeechCommands("test")
    # both sides build their filters on first use
    _one_by_one(data)
    mfcc(data.clip(0)[0][None])

    one_by_one = _seconds(lambda: _one_by_one(data))
    with (
        tempfile.TemporaryDirectory() as empty,
        patch.dict(os.environ, {"RNN_COURSE_CACHE": empty}),
    ):
        first = _seconds(lambda: cached_mfcc(data.files, read_clip))
    later = _seconds(lambda: [data[index] for index in range(len(data))])
    return [
        _row("first pass over the clips, against librosa clip by clip", one_by_one / first, 4),
        _row("later epoch, against recomputing in __getitem__", one_by_one / later, 100),
    ]


def _one_by_one(data: SpeechCommands) -> list[torch.Tensor]:
    return [
        torch.from_numpy(librosa.feature.mfcc(y=data.clip(index)[0], **PARAMETERS).T)
        for index in range(len(data))
    ]


def _seconds(job: Callable[[], object]) -> float:
    start = perf_counter()
    job()
    return perf_counter() - start


def _row(what: str, value: float, bar: float) -> dict:
    return {
        "what": what,
        "value": round(value, 1),
        "unit": "times as fast",
        "bar": bar,
        "met": value >= bar,
    }
