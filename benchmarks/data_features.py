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
    """Measure on the test split of the course's three words, best of five rounds.

    Returns:
        Rows with what, value (a ratio), unit, bar (the least value that is promised) and met.
    """
    data = SpeechCommands("test")
    # both sides build their filters on first use
    _one_by_one(data)
    mfcc(data.clip(0)[0][None])

    rounds = [
        (_seconds(_one_by_one, data), _seconds(_first_pass, data), _seconds(_later_epoch, data))
        for _ in range(5)
    ]
    one_by_one, first, later = (min(times) for times in zip(*rounds, strict=True))
    return [
        _row("first pass over the clips, against librosa clip by clip", one_by_one / first, 4),
        _row("later epoch, against recomputing in __getitem__", one_by_one / later, 100),
    ]


def _one_by_one(data: SpeechCommands) -> list[torch.Tensor]:
    return [
        torch.from_numpy(librosa.feature.mfcc(y=data.clip(index)[0], **PARAMETERS).T)
        for index in range(len(data))
    ]


def _first_pass(data: SpeechCommands) -> None:
    with (
        tempfile.TemporaryDirectory() as empty,
        patch.dict(os.environ, {"RNN_COURSE_CACHE": empty}),
    ):
        cached_mfcc(data.files, read_clip)


def _later_epoch(data: SpeechCommands) -> None:
    for index in range(len(data)):
        data[index]


def _seconds(job: Callable[[SpeechCommands], object], data: SpeechCommands) -> float:
    start = perf_counter()
    job(data)
    return perf_counter() - start


def _row(what: str, value: float, bar: float) -> dict:
    return {
        "what": what,
        "value": round(value, 1),
        "unit": "times as fast",
        "bar": bar,
        "met": value >= bar,
    }
