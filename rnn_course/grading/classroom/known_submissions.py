"""Remembers what was handed in by what the system says of its files, so as not to read it again.

A class of thousands is seldom handed in anew as a whole. Of who changed nothing it is enough to
look at the folder: names, sizes, times of change and numbers of its files are as they were when
its content was last read. A file that is written to later than that has another time of change,
which no ordinary program can set.
"""

import json
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from rnn_course.grading.judge.result_store import replace_file

_NAME = ".submissions.json"
_MOST = 2000  # files of a folder that are worth a look
_SETTLED = 2_000_000_000  # nanoseconds: what is younger may change without a new time


class KnownSubmissions:
    """What is known of a class's folders, kept on disk between two runs.

    Args:
        folder: of the coursework's results.
        how: what a submission is read by, whose change makes all of it unknown.
        clock: nanoseconds, of the machine that files are changed on.
    """

    def __init__(
        self,
        folder: Path,
        how: Mapping[str, str],
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._path, self._how, self._clock = folder / _NAME, dict(how), clock
        self._known: dict[str, list[str]] = {}
        self._changed = False
        with suppress(OSError, ValueError, TypeError, KeyError):
            kept = json.loads(self._path.read_text())
            if kept["how"] == self._how:
                self._known = dict(kept["submissions"])

    def keep(self) -> None:
        """Write down what was found out; where it cannot be, the next run reads all again."""
        if self._changed:
            with suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                kept = {"how": self._how, "submissions": self._known}
                replace_file(self._path, json.dumps(kept))

    def digest(self, student: str, folder: Path, read: Callable[[], str]) -> str:
        """Return the digest of a submission's content.

        Args:
            student: whose it is.
            folder: where it lies.
            read: reads it and returns its digest.
        """
        now = self._clock()
        seen, youngest = looked_at(folder)
        match self._known.get(student):
            case [str(before), str(digest)] if seen and before == seen:
                return digest
        digest = read()
        if seen and youngest + _SETTLED < now:
            self._known[student], self._changed = [seen, digest], True
        return digest


def looked_at(folder: Path) -> tuple[str, int]:
    """Return a digest of what the system says of all files below a folder, none being read.

    Returns:
        The digest, "" where one cannot be looked at or there are too many; and the time of the
        last change of any, in nanoseconds.
    """
    found, youngest = sha256(), 0
    try:
        for number, (path, about) in enumerate(_below(folder)):
            if number >= _MOST:
                return "", 0
            times = about.st_mtime_ns, about.st_ctime_ns
            kept = (path, about.st_mode, about.st_size, about.st_ino, about.st_nlink, *times)
            found.update(repr(kept).encode("utf-8", "backslashreplace"))
            youngest = max(youngest, *times)
    except OSError:
        return "", 0
    return found.hexdigest(), youngest


def _below(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the path of a folder and of all below it, with what is said of it; follow no link."""
    about = os.lstat(folder)
    yield str(folder), about
    if stat.S_ISDIR(about.st_mode):
        for name in sorted(os.listdir(folder)):
            yield from _below(folder / name)
