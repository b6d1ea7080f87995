"""Locks on files behind the wall: ``flock`` for the scratch folder, and for nothing else.

``flock(2)`` takes an exclusive lock of any file that can be opened, and so of files that others on
this machine share; the system cannot be told to look where a file is. Record locks of ``fcntl(2)``
are no way out: one file holds any number of them, in memory that nobody counts. So the call itself
is refused. Python's `fcntl.flock`, through which libraries lock their caches (torch's compiler,
filelock), hands the open file to the supervisor, which looks where it is and locks it. Such a lock
belongs to the open file and not to a process: it is the student's from then on, as ever.

References:
    flock(2); SCM_RIGHTS in unix(7).
"""

import errno
import fcntl
import os
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Protocol

_OPERATIONS = (fcntl.LOCK_SH, fcntl.LOCK_EX, fcntl.LOCK_UN)
_AGAIN = 0.01  # seconds until a lock that another holds is asked for again


class _HasDescriptor(Protocol):
    def fileno(self) -> int:
        """Return its file descriptor."""


def ask_for_locks(keeper: socket.socket) -> None:
    """Let ``fcntl.flock`` ask a `LockKeeper`, in this process and its forks."""
    fcntl.flock = partial(_flock, keeper)


def _flock(keeper: socket.socket, fd: int | _HasDescriptor, operation: int, /) -> None:
    """Lock or unlock a file, as `fcntl.flock` does.

    Raises:
        BlockingIOError: another holds it, and ``LOCK_NB`` was asked for.
        PermissionError: it is not in the scratch folder.
        OSError: the descriptor is none.
        ValueError: no such operation.
    """
    if operation & ~fcntl.LOCK_NB not in _OPERATIONS:
        raise ValueError(
            "Expected LOCK_SH, LOCK_EX or LOCK_UN, each perhaps with LOCK_NB. "
            f"Got the operation {operation}. Use the names in the module fcntl."
        )
    number = fd if isinstance(fd, int) else fd.fileno()
    while code := _asked(keeper, number, operation | fcntl.LOCK_NB):
        if code != errno.EWOULDBLOCK or operation & fcntl.LOCK_NB:
            raise OSError(code, os.strerror(code))
        time.sleep(_AGAIN)


def _asked(keeper: socket.socket, number: int, operation: int) -> int:
    """Ask once, and return the number of an error, 0 for none.

    Each answer has a socket of its own: forks share the keeper's.
    """
    mine, theirs = socket.socketpair()
    with mine:
        with theirs:
            socket.send_fds(keeper, [bytes([operation])], [number, theirs.fileno()])
        return (mine.recv(1) or bytes([errno.ENOLCK]))[0]


class LockKeeper:
    """The supervisor's end; nothing that is sent here makes it wait.

    Args:
        requests: where requests arrive.
        folder: what is in its file system may be locked.
    """

    def __init__(self, requests: socket.socket, folder: str) -> None:
        self._requests, self._device = requests, os.stat(folder).st_dev
        self._requests.setblocking(False)

    def fileno(self) -> int:
        """Return the descriptor on which requests arrive, -1 once nobody can ask any more."""
        return self._requests.fileno()

    @property
    def sources(self) -> list[int]:
        """The descriptors to wait for."""
        return [self.fileno()] if self.fileno() >= 0 else []

    def answer(self) -> None:
        """Answer one request."""
        try:
            message, descriptors, _, _ = socket.recv_fds(self._requests, 1, 2)
        except OSError:
            return
        if not message:
            self._requests.close()
            return
        try:
            if len(descriptors) == 2:
                file, reply = descriptors
                code = bytes([self._lock(file, message[0])])
                # whatever it is that we were sent
                with suppress(OSError), socket.socket(fileno=os.dup(reply)) as answer:
                    answer.send(code, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        finally:
            for number in descriptors:
                os.close(number)

    def _lock(self, file: int, operation: int) -> int:
        if operation & ~fcntl.LOCK_NB not in _OPERATIONS:
            return errno.EINVAL
        try:
            if os.fstat(file).st_dev != self._device:
                return errno.EPERM
            fcntl.flock(file, operation | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno or errno.EIO
        return 0
