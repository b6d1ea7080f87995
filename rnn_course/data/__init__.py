"""The data sets of the course. Each part is imported when it is first used.

``from rnn_course.data import SpeechCommands`` imports torch and librosa; ``import
rnn_course.data`` alone imports neither.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "SpeechCommands": "speech_commands",
    "cache_dir": "cache",
    "download_mnist": "mnist",
    "sequential_images": "image_sequences",
    "temporal_order": "symbol_sequences",
}

__all__ = ["SpeechCommands", "cache_dir", "download_mnist", "sequential_images", "temporal_order"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
