"""The data sets of the course. Each part is imported when it is first used.

``from rnn_course.data import SpeechCommands`` imports torch and librosa; ``import
rnn_course.data`` alone imports neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what `__getattr__` finds, for those who read types
    from rnn_course.data.cache import cache_dir
    from rnn_course.data.image_sequences import sequential_images
    from rnn_course.data.mnist import download_mnist
    from rnn_course.data.series import noisy_sine, series_from_csv, series_windows
    from rnn_course.data.speech_commands import SpeechCommands
    from rnn_course.data.symbol_sequences import temporal_order
    from rnn_course.data.text import prose, read_text, time_machine
    from rnn_course.data.text_windows import split_text, text_batches
    from rnn_course.data.vocabulary import Vocabulary

_HOMES = {
    "SpeechCommands": "speech_commands",
    "Vocabulary": "vocabulary",
    "cache_dir": "cache",
    "download_mnist": "mnist",
    "noisy_sine": "series",
    "prose": "text",
    "read_text": "text",
    "sequential_images": "image_sequences",
    "series_from_csv": "series",
    "series_windows": "series",
    "split_text": "text_windows",
    "temporal_order": "symbol_sequences",
    "text_batches": "text_windows",
    "time_machine": "text",
}

__all__ = [
    "SpeechCommands",
    "Vocabulary",
    "cache_dir",
    "download_mnist",
    "noisy_sine",
    "prose",
    "read_text",
    "sequential_images",
    "series_from_csv",
    "series_windows",
    "split_text",
    "temporal_order",
    "text_batches",
    "time_machine",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
