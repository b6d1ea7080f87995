"""One writer of a course's marks at a time: the second one hears who is at work, since when."""

import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rnn_course.errors import GradingError

_LOCK = ".grading.lock"
_HOLDER = ".grading.holder.json"
_SHARED = 0o664  # a co-marker of the same group may take it, too


@contextmanager
def only_writer(root: Path, doing: str) -> Iterator[None]:
    """Keep everyone else from writing marks of a course for as long as this lasts.

    The operating system holds the lock and gives it back when the process ends, whatever ends it:
    what a process that was killed has left behind is in nobody's way.

    Args:
        root: the course's folder.
        doing: what others are told, such as the command.

    Raises:
        GradingError: somebody else is at work; says who, since when.
    """
    lock, about = FileLock(root / _LOCK, timeout=0, mode=_SHARED), root / _HOLDER
    try:
        lock.acquire()
    except Timeout:
        raise GradingError(
            f"nobody else to be writing marks of {root}",
            _said(about),
            "Wait until that has finished, or end it; what it has graded is kept.",
        ) from None
    try:
        about.write_text(json.dumps(_ourselves(doing)))
        yield
    finally:
        with suppress(OSError):
            about.unlink()
        lock.release()


def _ourselves(doing: str) -> dict[str, str]:
    return {
        "doing": doing,
        "process": str(os.getpid()),
        "machine": socket.gethostname(),
        "user": _user(),
        "since": f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}",
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return str(os.getuid())


def _said(about: Path) -> str:
    """Tell who holds the lock, in a few words."""
    try:
        told = "`{doing}`, process {process} of {user} on {machine}, since {since}"
        return told.format_map(json.loads(about.read_text()))
    except (OSError, ValueError, KeyError):  # it has the lock, and has not yet said so
        return "another process that has begun just now"
