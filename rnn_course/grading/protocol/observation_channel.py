"""What the judge and a kernel say to each other besides Jupyter's messages.

They have a stream socket of their own for it. The judge asks, and the kernel answers, in several
words if that takes long, or says why it failed. Jupyter's messages, with their threads, would
cost several times as much.

::

    word = kind (1 byte) + number of the question (8) + length (8) + content
"""

import os
import secrets
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

ASK, ANSWER, FAILED = b"a", b"b", b"c"

_HEAD = struct.Struct("<cQQ")
_AT_ONCE = 2**20  # bytes
_CALL = "RNN_COURSE_CALL"
_OFTEN = 0.2  # seconds


@dataclass(frozen=True)
class Word:
    """One message.

    Attributes:
        kind: `ASK`, `ANSWER` or `FAILED`.
        number: of the question that it asks, or answers.
        content: the requests or answers, as `checks.wire` encodes them, or what went wrong.
    """

    kind: bytes
    number: int
    content: bytes

    def encode(self) -> bytes:
        """Return what goes over the socket."""
        return _HEAD.pack(self.kind, self.number, len(self.content)) + self.content


def receive(wire: socket.socket) -> Word | None:
    """Wait for a word; return None if the other side has hung up."""
    head = wire.recv(_HEAD.size, socket.MSG_WAITALL)
    if len(head) < _HEAD.size:
        return None
    kind, number, length = _HEAD.unpack(head)
    content = bytearray(length)
    if wire.recv_into(content, length, socket.MSG_WAITALL) < length:
        return None
    return Word(kind, number, bytes(content))


class Ear:
    """Listens to a side that is not trusted, without waiting for it.

    Args:
        wire: a socket that does not block.
        most: bytes that a word may have.
    """

    def __init__(self, wire: socket.socket, most: int) -> None:
        self._wire, self._most, self._heard = wire, most, bytearray()

    def listen(self) -> None:
        """Take what has come.

        Raises:
            EOFError: the other side has hung up.
        """
        try:
            heard = self._wire.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        if not heard:
            raise EOFError
        self._heard += heard

    def word(self) -> Word | None:
        """Return the next word, None while it is not whole.

        Raises:
            ValueError: it is too long.
        """
        if len(self._heard) < _HEAD.size:
            return None
        kind, number, length = _HEAD.unpack_from(self._heard)
        if length > self._most:
            raise ValueError(f"a word of {length} bytes")
        end = _HEAD.size + length
        if len(self._heard) < end:
            return None
        content = bytes(memoryview(self._heard)[_HEAD.size : end])
        del self._heard[:end]
        return Word(kind, number, content)


class Call:
    """Waits to be called by a kernel that is a program of its own, which no socket is handed to.

    Attributes:
        environment: what the kernel's is to have in addition, for its `call_back`.
    """

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._key = secrets.token_bytes(16)
        self.environment = {_CALL: f"{self._server.getsockname()[1]} {self._key.hex()}"}

    def wait(self, going_on: Callable[[], bool]) -> socket.socket | None:
        """Return the socket that leads to the kernel, None if there is no more use in waiting."""
        self._server.settimeout(_OFTEN)
        with self._server:
            while going_on():
                with suppress(TimeoutError):
                    wire, _ = self._server.accept()
                    wire.settimeout(_OFTEN)
                    if wire.recv(len(self._key), socket.MSG_WAITALL) == self._key:
                        return wire
        return None


def call_back() -> socket.socket:
    """Return the socket that leads to the judge; see `Call`."""
    port, key = os.environ.pop(_CALL).split()
    wire = socket.create_connection(("127.0.0.1", int(port)))
    wire.sendall(bytes.fromhex(key))
    return wire
