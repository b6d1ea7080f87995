"""Locks on files behind the wall: Python's ``flock``, kept by the system's record locks.

``flock(2)`` takes an exclusive lock of any file that can be opened, and so of files that others
on this machine share. A record lock is exclusive only on a descriptor that may write, and behind
the wall that means a file in the scratch folder. Libraries that lock their caches (torch's
compiler, filelock) ask Python, and notice no difference.

References:
    flock(2), and "Open file description locks" in fcntl(2).
"""

import fcntl
import os
import struct
from typing import Protocol

_OFD_SETLK, _OFD_SETLKW = 37, 38  # like a flock, one of these belongs to the open file
_KINDS = {
    fcntl.LOCK_SH: fcntl.F_RDLCK,
    fcntl.LOCK_EX: fcntl.F_WRLCK,
    fcntl.LOCK_UN: fcntl.F_UNLCK,
}


class _HasDescriptor(Protocol):
    def fileno(self) -> int:
        """Return its file descriptor."""


def use_record_locks() -> None:
    """Let ``fcntl.flock`` be `lock_by_record` in this process and its forks."""
    fcntl.flock = lock_by_record


def lock_by_record(fd: int | _HasDescriptor, operation: int, /) -> None:
    """Lock or unlock a whole file, as `fcntl.flock` does.

    Raises:
        BlockingIOError: another holds it, and ``LOCK_NB`` was asked for.
        OSError: the descriptor may not read (shared) or write (exclusive), or is none.
        ValueError: no such operation.
    """
    kind = _KINDS.get(operation & ~fcntl.LOCK_NB)
    if kind is None:
        raise ValueError(
            "Expected LOCK_SH, LOCK_EX or LOCK_UN, each perhaps with LOCK_NB. "
            f"Got the operation {operation}. Use the names in the module fcntl."
        )
    command = _OFD_SETLK if operation & fcntl.LOCK_NB else _OFD_SETLKW
    # struct flock: kind, counted from where, from, how long (0 is to the end), nobody's process
    fcntl.fcntl(fd, command, struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0))
