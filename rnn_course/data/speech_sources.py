"""Where Speech Commands comes from: a folder, the cached download, or the synthesiser."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rnn_course.data._archive import extract
from rnn_course.data._fetch import fetch
from rnn_course.data.cache import cache_dir
from rnn_course.data.speech_layout import FOLDER, WORDS, find_folder
from rnn_course.errors import DataError

SOURCES = ("auto", "folder", "download", "synthetic")
VARIABLE = "RNN_COURSE_DATA"
ARCHIVE = "speech_commands_v0.02.tar.gz"
URLS = (f"http://download.tensorflow.org/data/{ARCHIVE}",)
SHA256 = "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58"


class Source(NamedTuple):
    """The folder with the words, and a sentence that says what it is."""

    folder: Path
    sentence: str


def find_source(source: str, root: str | Path | None, words: Sequence[str]) -> Source:
    """Find the data; generate it where that is the source. Nothing is downloaded.

    Args:
        source: one of `SOURCES`; auto takes the first of the others that is there.
        root: a folder the user names, None for ``$RNN_COURSE_DATA``.
        words: what must be there (the synthesiser makes only these).

    Raises:
        DataError: the source is unknown or not there.
    """
    if source not in SOURCES:
        raise DataError(f"source in {SOURCES}", repr(source), "Choose one of them.")
    if root is not None and source in ("download", "synthetic"):
        raise DataError(
            f"no root with source={source!r}, which has its place in the cache",
            f"root={str(root)!r}",
            "Leave out root, or pass source='folder'.",
        )
    named = _named_folder(root, required=source == "folder")
    if named and source in ("auto", "folder"):
        return named
    downloaded = download_folder()
    if source == "download" or (source == "auto" and downloaded.is_dir()):
        return _downloaded(downloaded)
    return _synthetic(words)


def download_folder() -> Path:
    """Return the folder of the extracted download, whether it is there or not."""
    return cache_dir() / FOLDER


def download() -> None:
    """Download and unpack the published recordings into the cache, if they are not there.

    Raises:
        DownloadError: the download broke off; the next call goes on from there.
        DataError: the archive cannot be unpacked.
    """
    if download_folder().is_dir():
        return
    archive = fetch(ARCHIVE, urls=URLS, sha256=SHA256)
    extract(archive, download_folder())
    archive.unlink()  # 2.3 GB that nobody needs twice


def _named_folder(root: str | Path | None, *, required: bool) -> Source | None:
    if root is not None:
        place, name = Path(root).expanduser(), "root"
    elif os.environ.get(VARIABLE):
        place, name = Path(os.environ[VARIABLE]).expanduser(), f"${VARIABLE}"
    elif required:
        raise DataError(
            f"a folder named by root or ${VARIABLE} for source='folder'",
            "neither",
            "Pass root=..., or use source='auto'.",
        )
    else:
        return None
    if not place.is_dir():
        raise DataError(
            f"a folder at {place}, which {name} names",
            "no such folder",
            f"Correct {name}, or leave it out to use the synthetic speech.",
        )
    folder = find_folder(place)
    if folder is None and (required or root is not None):
        raise DataError(
            f"{place} ({name}) to hold {FOLDER} or folders named after words, such as {WORDS[22]}",
            "neither",
            f"Correct {name}, or leave it out to use the synthetic speech.",
        )
    if folder is None:
        return None  # a lab's $RNN_COURSE_DATA may hold the other data sets only
    return Source(folder, "Speech Commands: the recordings in your folder.")


def _downloaded(folder: Path) -> Source:
    if not folder.is_dir():
        raise DataError(
            f"the downloaded data set in {folder}",
            "no such folder",
            "Run: rnn-course data speech --download (2.3 GB), or use source='auto'.",
        )
    return Source(folder, "Speech Commands: the published recordings, version 0.02.")


def _synthetic(words: Sequence[str]) -> Source:
    from rnn_course.data.synthetic_speech import SPEAKERS, TAKES, VERSION, generate

    name = f"synthetic_speech_v{VERSION}_{SPEAKERS}x{TAKES}"
    folder = cache_dir() / name / FOLDER
    generate(folder, words, count=SPEAKERS, takes=TAKES)
    return Source(folder, "Speech Commands: synthetic speech from espeak-ng, no recordings.")
