"""The published layout of Speech Commands: folders, lists, and which clip is in which split.

::

    data_speech_commands_v0.02/
        <word>/<speaker>_nohash_<n>.wav
        validation_list.txt        one <word>/<file> a line
        testing_list.txt           what neither list names is for training

References:
    Warden (2018), Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition.
"""

import codecs
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rnn_course.errors import DataError

FOLDER = "data_speech_commands_v0.02"
_PLACES = (FOLDER, "SpeechCommands/speech_commands_v0.02", "speech_commands_v0.02", ".")
SPLITS = ("train", "valid", "test")
LISTS = {"valid": "validation_list.txt", "test": "testing_list.txt"}
WORDS = (
    "backward", "bed", "bird", "cat", "dog", "down", "eight", "five", "follow",
    "forward", "four", "go", "happy", "house", "learn", "left", "marvin", "nine",
    "no", "off", "on", "one", "right", "seven", "sheila", "six", "stop",
    "three", "tree", "two", "up", "visual", "wow", "yes", "zero",
)  # fmt: skip

_HASH_RANGE = 2**27 - 1  # published constant: the most clips a word may ever have


class Item(NamedTuple):
    """One clip: its file and the index of its word in ``classes``."""

    path: Path
    label: int


def hash_percentage(file_name: str) -> float:
    """Map a file name to a number from 0 to 100 that depends on the speaker only.

    This is the published rule: all clips of one speaker get the same number, whatever the word,
    and adding clips moves no other clip.

    Args:
        file_name: ``<speaker>_nohash_<n>.wav``, without folder.
    """
    speaker = file_name.partition("_nohash_")[0]
    digest = int(hashlib.sha1(speaker.encode()).hexdigest(), 16)
    return digest % (_HASH_RANGE + 1) * (100 / _HASH_RANGE)


def split_by_hash(file_name: str) -> str:
    """Say which split the published rule puts a file in: about 10 % valid, 10 % test."""
    percentage = hash_percentage(file_name)
    if percentage < 10:
        return "valid"
    return "test" if percentage < 20 else "train"


def find_folder(root: Path) -> Path | None:
    """Find the folder that holds the words: ``root`` itself, or a usual name inside it.

    Usual are the published archive's and those that torchaudio unpacks it to.

    Returns:
        The folder, or None where there is no folder named after one of the 35 words.
    """
    for folder in (root / place for place in _PLACES):
        if any((folder / word).is_dir() for word in WORDS):
            return folder
    return None


def list_split(folder: Path, split: str, classes: Sequence[str]) -> list[Item]:
    """List the clips of one split, ordered by word (as in ``classes``), then by file name.

    Args:
        folder: what `find_folder` returned.
        split: train, valid or test.
        classes: words; a clip's label is its word's position here.

    Raises:
        DataError: a word has no folder or no clip, a list names a file that is not there,
            or the split is empty.
    """
    clips = {word: _clips_of(folder, word) for word in classes}
    named = _read_lists(folder, clips)
    items = []
    for label, word in enumerate(classes):
        for name in clips[word]:
            here = split_by_hash(name) if named is None else named.get(f"{word}/{name}", "train")
            if here == split:
                items.append(Item(folder / word / name, label))
    if not items:
        raise DataError(
            f"clips for the split {split!r} in {folder}",
            f"{sum(map(len, clips.values()))} clips, all in other splits",
            "Use a bigger folder, or put some of its clips into "
            f"{LISTS['valid']} and {LISTS['test']}.",
        )
    return items


def _clips_of(folder: Path, word: str) -> list[str]:
    if not (folder / word).is_dir():
        raise DataError(
            f"a folder {folder / word} with the clips of {word!r}",
            "no such folder",
            "Copy it from the data set, or leave the word out of classes.",
        )
    names = sorted(
        path.name
        for path in (folder / word).iterdir()
        # macOS leaves ._x.wav beside x.wav, which holds no sound
        if path.suffix.lower() == ".wav" and not path.name.startswith(".")
    )
    if not names:
        raise DataError(
            f"at least one .wav file in {folder / word}",
            "none",
            f"Copy the clips of {word!r} there, or leave the word out of classes.",
        )
    return names


def _read_lists(folder: Path, clips: dict[str, list[str]]) -> dict[str, str] | None:
    """Return ``{"word/file": split}`` for the words of ``clips``, None without both lists."""
    files = {split: folder / name for split, name in LISTS.items()}
    there = [file for file in files.values() if file.is_file()]
    if not there:
        return None
    if len(there) == 1:
        missing = next(file for file in files.values() if file not in there)
        raise DataError(
            f"both {LISTS['valid']} and {LISTS['test']} in {folder}, or neither",
            f"only {there[0].name}",
            f"Restore {missing}, or delete {there[0]} to split by the published hash of the name.",
        )
    known = {f"{word}/{name}".lower(): f"{word}/{name}" for word in clips for name in clips[word]}
    named = {}
    for split, file in files.items():
        for entry in _entries(file, folder):
            if entry.partition("/")[0] not in clips:
                continue  # a word nobody asked for
            if entry.lower() not in known:
                raise DataError(
                    f"the file {folder / entry}, which {file.name} names",
                    "no such file",
                    f"Restore the file, or delete its line from {file}.",
                )
            named[known[entry.lower()]] = split
    return named


def _entries(file: Path, folder: Path) -> list[str]:
    """Return the lines of a list as ``word/file``, whatever system wrote it.

    Raises:
        DataError: it is no text, or names no word of the folder.
    """
    lines = [line.strip() for line in _text(file).splitlines()]
    entries = ["/".join(line.replace("\\", "/").split("/")[-2:]) for line in lines if line]
    if entries and not any((folder / entry.partition("/")[0]).is_dir() for entry in entries):
        raise DataError(
            f"lines such as one/0a7c2a8d_nohash_0.wav in {file}",
            f"{entries[0][:60]!r}, and none that names a folder beside it",
            f"Restore {file.name} from the data set, or delete both lists to split by the hash.",
        )
    return entries


def _text(file: Path) -> str:
    """Decode a list; what edits it may put a byte order mark before it."""
    content = file.read_bytes()
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"text in {file}", str(error), f"Restore {file.name} from the data set."
        ) from error
