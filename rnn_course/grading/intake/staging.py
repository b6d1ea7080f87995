"""Takes a submission's files in, and nothing but plain files of bounded size with plain names."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rnn_course.grading.protocol.limits import Limits

MAX_FILES = 500
_MAX_DEPTH = 4
_MAX_NAME = 120
ODD = frozenset('/\\\0:*?"<>|')


@dataclass(frozen=True)
class Staged:
    """What was taken from a submission folder.

    Attributes:
        files: contents by relative path, with ``/`` between parts.
        left_out: why something was not taken, one sentence each.
        linked: the files that have another name on the same disk, as hard links have.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


def stage(folder: Path | None, limits: Limits) -> Staged:
    """Read a submission folder without following links or trusting names and sizes.

    What cannot be read is left out, were it the folder itself.
    """
    if folder is None:
        return Staged()
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    linked: list[str] = []
    room = limits.disk_bytes // 2
    for path, name, handle in _walk(folder, left_out):
        content, why, links = b"", "there are too many files", 1
        if len(files) < MAX_FILES:
            content, why, links = _read(name, handle, room)
        if why:
            left_out.append(f"{ascii(path)[:200]} was left out: {why}.")
            continue
        files[path] = content
        room -= len(content)
        linked += [path] if links > 1 else []
    return Staged(files, tuple(left_out[:20]), tuple(linked))


def _walk(folder: Path, left_out: list[str]) -> Iterator[tuple[str, str, int]]:
    """Yield each file's path, its name and its folder, opened; say which folder cannot be read."""

    def unreadable(error: OSError) -> None:
        left_out.append(f"{ascii(error.filename)[:200]} was left out: {error.strerror}.")

    root = str(folder)
    try:
        if folder.is_symlink():
            left_out.append("What was handed in is a link, which is not followed.")
        elif folder.is_file():
            left_out.append("What was handed in is a file where a folder should be.")
        for place, folders, names, handle in os.fwalk(
            root, onerror=unreadable, follow_symlinks=False
        ):
            inside = os.path.relpath(place, root)
            if inside.count(os.sep) >= _MAX_DEPTH:
                folders.clear()
            folders[:] = sorted(name for name in folders if plain_name(name) and name[0] != ".")
            for name in sorted(names):
                path = name if inside == "." else f"{inside.replace(os.sep, '/')}/{name}"
                yield path, name, handle
    except OSError as error:
        left_out.append(f"The folder cannot be read ({error.strerror}).")


def plain_name(name: str) -> bool:
    """Tell whether a file name is short, printable and without characters that mean something."""
    return (
        0 < len(name) <= _MAX_NAME
        and name.isprintable()
        and name not in (".", "..")
        and not ODD & set(name)
    )


def _read(name: str, folder: int, room: int) -> tuple[bytes, str, int]:
    """Return the content of a plain file, or why it is not taken, and how many names it has."""
    if not plain_name(name):
        return b"", "its name has unusual characters", 1
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        return b"", f"it cannot be opened as a plain file ({error.strerror})", 1
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return b"", "it is not a plain file", 1
        if status.st_size > room:
            return b"", f"it is too large ({status.st_size} bytes)", 1
        return stream.read(room), "", status.st_nlink
