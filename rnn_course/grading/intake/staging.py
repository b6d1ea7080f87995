"""Takes a submission's files in, and nothing but plain files of bounded size with plain names."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from rnn_course.grading.protocol.limits import Limits

MAX_FILES = 500
_MAX_DEPTH = 4
_MAX_NAME = 120
_ODD = frozenset('/\\\0:*?"<>|')


@dataclass(frozen=True)
class Staged:
    """What was taken from a submission folder.

    Attributes:
        files: contents by relative path, with ``/`` between parts.
        left_out: why something was not taken, one sentence each.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def stage(folder: Path | None, limits: Limits) -> Staged:
    """Read a submission folder without following links or trusting names and sizes."""
    if folder is None:
        return Staged()
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    room = limits.disk_bytes // 2
    root = str(folder)
    for place, folders, names, handle in os.fwalk(root, follow_symlinks=False):
        inside = os.path.relpath(place, root)
        if inside.count(os.sep) >= _MAX_DEPTH:
            folders.clear()
        folders[:] = sorted(name for name in folders if plain_name(name) and name[0] != ".")
        for name in sorted(names):
            path = name if inside == "." else f"{inside.replace(os.sep, '/')}/{name}"
            why = "there are too many files" if len(files) >= MAX_FILES else ""
            content = b""
            if not why:
                content, why = _read(name, handle, room)
            if why:
                left_out.append(f"{ascii(path)[:200]} was left out: {why}.")
            else:
                files[path] = content
                room -= len(content)
    return Staged(files, tuple(left_out[:20]))


def plain_name(name: str) -> bool:
    """Tell whether a file name is short, printable and without characters that mean something."""
    return (
        0 < len(name) <= _MAX_NAME
        and name.isprintable()
        and name not in (".", "..")
        and not _ODD & set(name)
    )


def _read(name: str, folder: int, room: int) -> tuple[bytes, str]:
    """Return the content of a plain file, or why it is not taken."""
    if not plain_name(name):
        return b"", "its name has unusual characters"
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        return b"", f"it cannot be opened as a plain file ({error.strerror})"
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return b"", "it is not a plain file"
        if status.st_size > room:
            return b"", f"it is too large ({status.st_size} bytes)"
        return stream.read(room), ""
