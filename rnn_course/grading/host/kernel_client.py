"""Speaks to a kernel without trusting it: runs cells, asks for observations, loses no time to it.

::

    with running_kernel(folder, Limits()) as kernel:
        done = kernel.run("x = 1")          # Execution: status, outputs, error, limit, message
        answers = kernel.ask(encode([Describe("x")]))

Whatever the student's code does, `run` and `ask` return within the limits. After an execution
whose kernel did not survive, `alive` is False and every later call says so at once: start another
kernel.
"""

import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

import zmq
from jupyter_client.connect import KernelConnectionInfo

from rnn_course.checks.subject import SubjectLostError
from rnn_course.errors import ObservationError, StartTimeoutError
from rnn_course.grading.host.fork_server_process import own_launcher
from rnn_course.grading.host.launcher import RunningKernel
from rnn_course.grading.host.patience import LATER, busy, scaled
from rnn_course.grading.host.replies import BoundedClient, Execution, PendingReply
from rnn_course.grading.intake.staging import Staged, stage
from rnn_course.grading.protocol.limits import MIB, Limits, recognise_limit
from rnn_course.grading.protocol.observation_channel import (
    ANSWER,
    ASK,
    FAILED,
    MISSED,
    Frame,
    FrameReader,
)

_START_SECONDS = 60.0
_ASK_AGAIN = 1.0  # second after which a kernel that we may not hear yet is asked again
_ENDING = 0.3  # seconds between a socket's end and the news of its process's end
_LOOK_EVERY = 100  # milliseconds between two looks at the clock and at our own memory
_AFTERMATH = 50  # times the allowed output may still arrive while an interrupt takes effect
_OWN_GROWTH = 1024 * MIB  # a kernel that floods our sockets is ended when we have grown by this
_PAGE = os.sysconf("SC_PAGE_SIZE")


class KernelClient:
    """The judge's end of a kernel; made by `running_kernel` and by `kernel_factory`.

    Attributes:
        client: the Jupyter client, for whoever wants to speak to the kernel directly.
        left_out: what was not taken from the submission folder, a sentence each.
        limit: which limit ended the kernel, None while it runs.
    """

    def __init__(
        self, started: RunningKernel, limits: Limits, left_out: tuple[str, ...] = ()
    ) -> None:
        self.limits, self.left_out = limits, left_out
        self.limit: str | None = None
        self._started, self._spent = started, 0.0
        self._looked, self._own = time.monotonic(), _resident()
        self._asked, self._unsent = 0, memoryview(b"")
        self.client = BoundedClient(context=zmq.Context())
        self.client.load_connection_info(cast(KernelConnectionInfo, started.connection_info))
        self.client.start_channels(stdin=False, hb=False, control=False)
        self._shell = self.client.shell_channel.socket
        self._iopub = self.client.iopub_channel.socket
        self._hangups = [
            sock.get_monitor_socket(zmq.EVENT_DISCONNECTED) for sock in (self._shell, self._iopub)
        ]
        self._poller = zmq.Poller()
        self._channel = started.observation_socket
        self._channel.setblocking(False)
        self._frames = FrameReader(self._channel, limits.observation_bytes)
        sources = (self._shell, self._iopub, *self._hangups, self._channel, started.control_socket)
        for source in filter(None, sources):  # without a sandbox there is no supervisor
            self._poller.register(source, zmq.POLLIN)
        self._wait_until_ready()

    def is_alive(self) -> bool:
        """Tell whether the kernel still runs, as jupyter_client's managers do."""
        return self.alive

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the running cell."""
        self._started.interrupt()

    @property
    def alive(self) -> bool:
        """Whether the kernel still runs."""
        return self.limit is None and self._started.poll() is None

    def run(self, code: str, seconds: float | None = None) -> Execution:
        """Run a cell and return when it is over, one way or another.

        Args:
            code: the cell's text.
            seconds: wall time for it, if it is to be less than `Limits.cell_seconds`.
        """
        done = Execution()
        if not self.alive:
            return self._gone(done)
        parent = self.client.execute(code, allow_stdin=False, stop_on_error=False)
        self._exchange(PendingReply(self.limits, done, parent=parent), done, seconds)
        return done

    def ask(self, message: bytes, seconds: float | None = None) -> bytes:
        """Send requests to `checks.observe` in the kernel and return the bytes of answers.

        Args:
            message: an encoded list of requests.
            seconds: wall time for each, if it is to be less than `Limits.cell_seconds`.

        Returns:
            An encoded list of the first answers; the rest comes with `more`.

        Raises:
            SubjectLostError: the kernel did not answer, is gone, or answered too much.
            ObservationError: the answer is none.
        """
        return self._ask(ASK, message, seconds)

    def missed(self) -> bool:
        """Tell whether anything that is withheld from the kernel was called; see `ask`.

        Nothing is decided by it that would be to the advantage of one that lies: told of nothing,
        the judge stays in the process that can do less.
        """
        return self._ask(MISSED, b"", None) != b"\0"

    def _ask(self, kind: bytes, message: bytes, seconds: float | None) -> bytes:
        self._asked += 1
        self._unsent = memoryview(Frame(kind, self._asked, message).encode())
        return self.more(seconds)

    def more(self, seconds: float | None = None) -> bytes:
        """Return further answers to what was asked; see `ask`."""
        done = Execution()
        if self.limit is not None:
            raise SubjectLostError("crashed", self._gone(done).message)
        pending = PendingReply(self.limits, done, question=self._asked)
        self._exchange(pending, done, seconds)
        if done.status in ("timeout", "crashed", "output"):
            raise SubjectLostError(
                "timeout" if done.status == "timeout" else "crashed", done.message
            )
        frame = pending.frame
        assert frame is not None  # the exchange with a question ends by a frame or one of those
        if frame.kind == ANSWER:
            return frame.content
        failed = frame.kind == FAILED
        raise ObservationError(
            "an observation",
            frame.content[:300].decode(errors="replace") if failed else "a malformed reply",
            self.limits.message("observation" if failed else "tampered"),
        )

    def close(self) -> None:
        """End the kernel and all that it started."""
        self._started.kill()
        self.client.stop_channels()
        self.client.context.destroy(linger=0)

    # The exchange

    def _wait_until_ready(self) -> None:
        """Wait until the kernel answers and what it publishes reaches us.

        jupyter_client's own way waits for silence afterwards, twice as long as a kernel needs
        to start.

        Raises:
            StartTimeoutError: it runs, and does not answer.
        """
        seconds = scaled(_START_SECONDS)
        deadline = time.monotonic() + seconds
        while self.alive and time.monotonic() < deadline:
            pending = PendingReply(self.limits, Execution(), parent=self.client.kernel_info())
            if self._until(pending, time.monotonic() + _ASK_AGAIN) == "done":
                return
        if not self.alive:
            self._end("crashed")
            return
        self.close()  # none of the student's code has run yet: this is nobody's mistake
        late = f"a time-out: no answer for {seconds:.0f} seconds, and {busy()}"
        raise StartTimeoutError("a kernel behind the wall that answers", late, LATER)

    def _exchange(self, pending: PendingReply, done: Execution, seconds: float | None) -> None:
        """Read all channels until the reply is complete or a limit is reached."""
        begin = time.monotonic()
        left = self.limits.submission_seconds - self._spent
        allowed = min(self.limits.cell_seconds, left, seconds or float("inf"))
        why = self._until(pending, begin + allowed)
        if why in ("time", "output"):
            by_cell = allowed == self.limits.cell_seconds
            limit = "output" if why == "output" else "cell" if by_cell else "submission"
            done.status, done.limit = "output" if why == "output" else "timeout", limit
            if not self._interrupt(pending):
                self._end(limit)
        elif why in ("tampered", "crashed", "observation"):
            self._end(why)
            self._gone(done)
        done.seconds = time.monotonic() - begin
        self._spent += done.seconds
        if done.limit is None and done.error:
            done.limit = recognise_limit(*done.error)
        done.message = self.limits.message(done.limit) if done.limit else ""

    def _until(self, pending: PendingReply, deadline: float) -> str:
        """Return why the exchange ended: ``done`` or what went wrong."""
        ready: set = set()
        while not (why := self._take_frames(pending) or self._reason(pending, deadline, ready)):
            self._send()
            wait = min(_LOOK_EVERY, max(0, int(1000 * (deadline - time.monotonic()))))
            ready = set(dict(self._poller.poll(wait)))
            for sock in (self._iopub, self._shell):
                if sock in ready and not self._take_message(sock, pending):
                    return "tampered"
        return why

    def _send(self) -> None:
        """Send as much of what is left to send as the kernel takes."""
        if self._unsent:
            with suppress(OSError):  # it does not read, or has hung up: `_until` finds out
                self._unsent = self._unsent[self._channel.send(self._unsent) :]
            writing = zmq.POLLOUT if self._unsent else 0
            self._poller.modify(self._channel, zmq.POLLIN | writing)

    def _take_frames(self, pending: PendingReply) -> str:
        """Take frames; return why there can be none, "" if there can."""
        try:
            self._frames.read()
            while not pending.over and (frame := self._frames.next_frame()) is not None:
                pending.take_frame(frame)
        except ValueError:
            return "observation"
        except EOFError:
            return self._hung_up("tampered")
        return ""

    def _hung_up(self, otherwise: str) -> str:
        """Return why a socket hung up: because its process ended, or otherwise."""
        if self._started.poll() is None:
            time.sleep(_ENDING)
        return otherwise if self._started.poll() is None else "crashed"

    def _reason(self, pending: PendingReply, deadline: float, ready: set) -> str:
        """Return why to stop listening, "" if there is no reason yet."""
        if pending.over:
            return "done"
        if pending.output > self.limits.output_bytes * (_AFTERMATH if pending.muted else 1):
            return "output"
        now = time.monotonic()
        if now >= deadline:
            return "time"
        if now - self._looked > _LOOK_EVERY / 1000:
            self._looked = now
            if _resident() - self._own > _OWN_GROWTH:
                return "tampered"
        if ready & {self._shell, self._iopub, self._channel.fileno()}:
            return ""
        if self._started.poll() is not None:
            return "crashed"
        if not ready.isdisjoint(self._hangups):
            return self._hung_up("output")  # a message above `max_message`
        return ""

    def _take_message(self, sock: zmq.Socket, pending: PendingReply) -> bool:
        """Read one message; return False if it is not one."""
        try:
            frames = sock.recv_multipart(zmq.NOBLOCK)
            size = sum(map(len, frames))
            _, frames = self.client.session.feed_identities(frames)
            message = self.client.session.deserialize(frames)
            take = pending.take_shell if sock is self._shell else pending.take_iopub
            take(message, size)
        except zmq.Again:
            return True
        except Exception:  # the sender is hostile, and what it can provoke has no list
            return False
        return True

    def _interrupt(self, pending: PendingReply) -> bool:
        """Interrupt the cell; return whether the kernel then answered."""
        pending.muted = True
        deadline = time.monotonic() + self.limits.grace_seconds
        self._started.interrupt()
        return self._until(pending, deadline) == "done"

    def _end(self, limit: str) -> str:
        """Kill the kernel; return the limit that is to blame."""
        if self._started.poll() is not None and limit in ("crashed", "tampered"):
            limit = self._started.exit["why"] if self._started.exit else limit
        self.limit = limit if limit != "killed" else "crashed"
        self._started.kill()
        return self.limit

    def _gone(self, done: Execution) -> Execution:
        done.status, done.limit = "crashed", self.limit or self._end("crashed")
        done.message = self.limits.message(done.limit)
        return done


@contextmanager
def running_kernel(
    submission: Path | Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
    *,
    trust: bool = False,
    gpu: bool = False,
    without: Collection[str] = (),
) -> Iterator[KernelClient]:
    """Start a kernel for one submission, and end it with everything it left behind.

    Args:
        submission: its folder, whose plain files are copied into the scratch folder, or the
            files themselves by relative path.
        limits: what it may use.
        trust: no wall; only for code that you would run yourself.
        gpu: let it use NVIDIA devices.
        without: kinds of implementations that do not exist in it; see `checks.withheld`.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    limits = limits or Limits()
    if submission is None or isinstance(submission, Path):
        staged = stage(submission, limits)
    else:
        staged = Staged(dict(submission))
    started = own_launcher(trust=trust, gpu=gpu).start_kernel(limits, staged.files, without)
    kernel = KernelClient(started, limits, staged.left_out)
    try:
        yield kernel
    finally:
        kernel.close()


def _resident() -> int:
    """Return our own resident memory in bytes, 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0
