"""Texts to learn a language from: letters and single spaces, nothing else.

Three sources: any file of one's own (`read_text`), a novel that is downloaded (`time_machine`),
and `prose`, which needs no network because every Python carries it.
"""

import os
import re
from pathlib import Path

from rnn_course.data._fetch import fetch
from rnn_course.data.cache import cache_dir
from rnn_course.errors import DataError

VARIABLE = "RNN_COURSE_DATA"
TIME_MACHINE = "timemachine.txt"
SHA256 = "8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516"
MIRRORS = (f"http://d2l-data.s3-accelerate.amazonaws.com/{TIME_MACHINE}",)


def clean(text: str) -> str:
    """Return a text in small letters a to z; whatever stands between two words is one space.

    >>> clean("The Time-Machine, 1895.")
    'the time machine'
    """
    return re.sub("[^a-z]+", " ", text.lower()).strip()


def prose() -> str:
    """Return the help texts of the Python that is running, cleaned: about 376 000 characters.

    They differ a little between versions of Python.
    """
    from pydoc_data.topics import topics

    return clean("\n".join(topics[name] for name in sorted(topics)))


def time_machine(root: str | Path | None = None, *, download: bool = False) -> str:
    """Return H. G. Wells, The Time Machine (1895), cleaned: about 174 000 characters.

    Looks for ``timemachine.txt`` in ``root``, in ``$RNN_COURSE_DATA`` and in the cache.

    Args:
        root: a folder that holds the file, or the file itself.
        download: fetch it (179 kB) if it is in none of these places.

    Raises:
        DataError: it is not there, or not readable.
        DownloadError: it could not be downloaded.
    """
    named = root if root is not None else os.environ.get(VARIABLE)
    places = [cache_dir() / "downloads" / TIME_MACHINE]
    if named is not None:
        given = Path(named).expanduser()
        places = [given / TIME_MACHINE if given.is_dir() else given, *places[root is not None :]]
    for place in places:
        if place.is_file():
            return read_text(place)
    if download:
        return read_text(fetch(TIME_MACHINE, urls=MIRRORS, sha256=SHA256))
    raise DataError(
        f"the file {TIME_MACHINE}",
        f"none at {' or '.join(map(str, places))}",
        "Call time_machine(download=True) to fetch it (179 kB), or use prose().",
    )


def read_text(path: str | Path) -> str:
    """Read a text file of your own, cleaned.

    Args:
        path: the file, in UTF-8.

    Raises:
        DataError: no such file, not text, or hardly a letter in it.
    """
    path = Path(path).expanduser()
    try:
        text = clean(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise DataError(
            f"a text in UTF-8 at {path}",
            f"{type(problem).__name__}: {problem}",
            "Check the path, and save the file as plain text in UTF-8.",
        ) from problem
    if len(text) < 2:
        raise DataError(
            f"letters a to z in {path}",
            f"{len(text)} of them",
            "Take a text in the Latin alphabet: all other signs are dropped.",
        )
    return text
