"""What a kernel replies to one request, gathered message by message."""

from dataclasses import dataclass, field
from typing import Any

import nbformat.v4
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import channel_socket_types

from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.observation_channel import Frame


@dataclass
class Execution:
    """What running a cell did.

    Attributes:
        status: ``ok``, ``error`` (it raised), ``timeout``, ``output`` (too much of it),
            ``crashed`` (the kernel is gone, or was before).
        outputs: as they stand in a notebook; no more than the limit allows.
        error: type and text of the exception.
        limit: which limit was reached, one of `limits.KINDS`, None if none.
        message: what to tell the student about that limit.
        seconds: wall time.
    """

    status: str = "ok"
    outputs: list[Any] = field(default_factory=list)
    error: tuple[str, str] | None = None
    limit: str | None = None
    message: str = ""
    seconds: float = 0.0


class BoundedClient(BlockingKernelClient):
    """A client whose sockets accept only so much at a time.

    Attributes:
        max_message: bytes of one part of a message; on a larger one the socket hangs up.
    """

    max_message = 64 * 2**20

    def _create_connected_socket(self, channel: str, identity: bytes | None = None):
        sock = self.context.socket(channel_socket_types[channel])
        sock.linger = 0
        sock.maxmsgsize = self.max_message
        sock.rcvhwm = 100 if channel == "iopub" else 4
        if identity:
            sock.identity = identity
        sock.connect(self._make_url(channel))
        return sock


class PendingReply:
    """What has come so far in reply to a Jupyter request or to a question.

    Args:
        limits: what the answer may use.
        done: where it is written down.
        parent: id of the request.
        question: number of the question, None if it is a request; see
            `protocol.observation_channel`.

    Attributes:
        reply: the message on the shell channel that ends the request, once it has come.
        frame: the first that answers the question.
        output: bytes that have come on the other channel, whoever asked for them.
        muted: outputs are no longer kept.
    """

    def __init__(
        self, limits: Limits, done: Execution, *, parent: str = "", question: int | None = None
    ) -> None:
        self._parent, self._limits, self._done, self._question = parent, limits, done, question
        self.reply: dict | None = None
        self.frame: Frame | None = None
        self.idle = self.muted = False
        self.output = 0

    @property
    def over(self) -> bool:
        """Whether the answer is complete."""
        return self.frame is not None or (self.idle and self.reply is not None)

    def take_frame(self, frame: Frame) -> None:
        """Take note of a frame; one to another question is late, or was never asked for."""
        if frame.number == self._question:
            self.frame = frame

    def take_shell(self, message: dict, size: int) -> None:
        """Take note of a message on the shell channel."""
        if message["parent_header"].get("msg_id") == self._parent:
            self.reply = message
            content = message["content"]
            if content.get("status") == "error" and self._done.status == "ok":
                self._done.status = "error"
                self._done.error = (str(content["ename"]), str(content["evalue"])[:5000])

    def take_iopub(self, message: dict, size: int) -> None:
        """Take note of a published message of this many bytes."""
        kind, content = message["msg_type"], message["content"]
        self.output += size
        if message["parent_header"].get("msg_id") != self._parent:
            return
        if kind == "status":
            self.idle |= content["execution_state"] == "idle"
        elif kind == "clear_output":
            self._done.outputs.clear()
        elif not self.muted and self.output <= self._limits.output_bytes:
            self._keep(message)

    def _keep(self, message: dict) -> None:
        if message["msg_type"] not in ("stream", "display_data", "execute_result", "error"):
            return
        outputs, new = self._done.outputs, nbformat.v4.output_from_msg(message)
        last = outputs[-1] if outputs else None
        if new.output_type == "stream" and last is not None and last.get("name") == new.name:
            last.text += new.text
        else:
            outputs.append(new)
