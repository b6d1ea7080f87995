"""The inter-process channel on which the judge asks a kernel for observations.

A stream socket of its own beside Jupyter's. The judge asks, and the kernel answers, in several
frames if that takes long, or says why it failed. Jupyter's messages, with their threads, would
cost several times as much.

::

    frame = kind (1 byte) + number of the question (8) + length (8) + content

Where something is withheld from the kernel, the judge may also ask whether that was missed.
"""

import os
import secrets
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

ASK, ANSWER, FAILED, MISSED = b"a", b"b", b"c", b"d"

_HEAD = struct.Struct("<cQQ")
_AT_ONCE = 2**20  # bytes
_ADDRESS = "RNN_COURSE_OBSERVATION_CHANNEL"
_LOOK_EVERY = 0.2  # seconds


@dataclass(frozen=True)
class Frame:
    """One message.

    Attributes:
        kind: `ASK` or `MISSED`; `ANSWER` or `FAILED`.
        number: of the question that it asks, or answers.
        content: the requests or answers, as `checks.wire` encodes them, or what went wrong; as
            the answer to `MISSED` one byte, 0 for no.
    """

    kind: bytes
    number: int
    content: bytes

    def encode(self) -> bytes:
        """Return what goes over the socket."""
        return _HEAD.pack(self.kind, self.number, len(self.content)) + self.content


def receive(channel: socket.socket) -> Frame | None:
    """Wait for a frame; return None if the other side has hung up."""
    head = channel.recv(_HEAD.size, socket.MSG_WAITALL)
    if len(head) < _HEAD.size:
        return None
    kind, number, length = _HEAD.unpack(head)
    content = bytearray(length)
    if channel.recv_into(content, length, socket.MSG_WAITALL) < length:
        return None
    return Frame(kind, number, bytes(content))


class FrameReader:
    """Reads from a side that is not trusted, without waiting for it.

    Args:
        channel: a socket that does not block.
        most: bytes that a frame may have.
    """

    def __init__(self, channel: socket.socket, most: int) -> None:
        self._channel, self._most, self._buffer = channel, most, bytearray()

    def read(self) -> None:
        """Take what has come.

        Raises:
            EOFError: the other side has hung up.
        """
        try:
            data = self._channel.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            raise EOFError
        self._buffer += data

    def next_frame(self) -> Frame | None:
        """Return the next frame, None while it is not whole.

        Raises:
            ValueError: it is too long.
        """
        if len(self._buffer) < _HEAD.size:
            return None
        kind, number, length = _HEAD.unpack_from(self._buffer)
        if length > self._most:
            raise ValueError(f"a frame of {length} bytes")
        end = _HEAD.size + length
        if len(self._buffer) < end:
            return None
        content = bytes(memoryview(self._buffer)[_HEAD.size : end])
        del self._buffer[:end]
        return Frame(kind, number, content)


class CallbackListener:
    """Waits for the connection of a kernel that is a program of its own, handed no socket.

    Attributes:
        environment: what the kernel's is to have in addition, for its `connect_back`.
    """

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._key = secrets.token_bytes(16)
        self.environment = {_ADDRESS: f"{self._server.getsockname()[1]} {self._key.hex()}"}

    def wait(self, going_on: Callable[[], bool]) -> socket.socket | None:
        """Return the socket that leads to the kernel, None if there is no more use in waiting."""
        self._server.settimeout(_LOOK_EVERY)
        with self._server:
            while going_on():
                with suppress(TimeoutError):
                    channel, _ = self._server.accept()
                    channel.settimeout(_LOOK_EVERY)
                    if channel.recv(len(self._key), socket.MSG_WAITALL) == self._key:
                        return channel
        return None


def connect_back() -> socket.socket:
    """Return the socket that leads to the judge; see `CallbackListener`."""
    port, key = os.environ.pop(_ADDRESS).split()
    channel = socket.create_connection(("127.0.0.1", int(port)))
    channel.sendall(bytes.fromhex(key))
    return channel
