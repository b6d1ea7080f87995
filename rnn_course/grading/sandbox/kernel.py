"""The Jupyter kernel behind the wall: ipykernel on sockets that were opened beforehand.

It never opens a socket of its own, so that the process can be shut off from the folder they are
in before the first line of student code runs.
Besides cells it answers the judge's requests; see `protocol.observation_channel`.
"""

import os
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from signal import SIGINT, default_int_handler, signal
from typing import Any

import numpy as np
import torch
import zmq
from ipykernel import zmqshell
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from rnn_course.checks.observe import perform
from rnn_course.checks.overheard import Overheard
from rnn_course.checks.wire import decode, encode
from rnn_course.grading.protocol.observation_channel import (
    ANSWER,
    FAILED,
    MISSED,
    Frame,
    connect_back,
    receive,
)
from rnn_course.grading.protocol.sandbox_layout import WITHOUT
from rnn_course.grading.protocol.supervisor_channel import JUPYTER_CHANNELS
from rnn_course.grading.sandbox.process_state import ProcessState
from rnn_course.grading.sandbox.removal import missed, remove
from rnn_course.grading.sandbox.shell_commands import run_command

_PORTS = {name: number for number, name in enumerate(JUPYTER_CHANNELS, 1)}

_PATIENCE = 0.2  # seconds after which the judge hears what answers there are
_FLUSH_SECONDS = 0.02  # a flood of output arrives in pieces that can be counted while it runs


class _OpenHeartbeat(Heartbeat):
    """A heartbeat on a socket that is already listening."""

    listening = -1

    def _try_bind_socket(self) -> None:
        self.socket.setsockopt(zmq.USE_FD, self.listening)
        super()._try_bind_socket()


class _NoThread:
    """No thread for the shell channel: ipykernel asks whether there is one, and for its parent."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        return False


class Kernel(IPythonKernel):
    """ipykernel's kernel with the shell channel in the main thread, where it is answered."""

    _supports_kernel_subshells = False


class KernelApp(IPKernelApp):
    """ipykernel's application for such a kernel."""

    def init_control(self, context: zmq.Context) -> None:
        """Do without subshells, whose thread would take every message first."""
        super().init_control(context)
        self.shell_channel_thread = _NoThread()


class Stream(OutStream):
    """A standard stream that wakes its thread only where there is something to flush."""

    def flush(self) -> None:
        """Wait until what was written has gone; IPython asks for it eight times a cell."""
        if self._flush_pending or self._subprocess_flush_pending:
            super().flush()


class ForkedApp(KernelApp):
    """The same on sockets that already listen, without a connection file.

    It is made once, in the parent, and connected in each of its forks: until then it has no
    socket, no thread and no event loop, none of which would survive the fork.
    """

    def connect(self, listening: Mapping[str, int], prefix: str, key: str) -> None:
        """Begin to listen and to publish; see `connect_app`."""
        self._listening, self.ip = listening, prefix
        self.session = Session(parent=self, key=key.encode())
        super().init_sockets()
        self.heartbeat = _OpenHeartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
        self.heartbeat.listening = listening["hb"]
        self.heartbeat.start()
        super().init_io()
        super().init_signal()
        self.control_thread.start()
        kernel, shell = self.kernel, self.kernel.shell
        kernel.shell_stream = ZMQStream(self.shell_socket)
        kernel.control_stream = ZMQStream(self.control_socket, self.control_thread.io_loop)
        for name in ("session", "control_thread", "iopub_thread", "iopub_socket", "stdin_socket"):
            setattr(kernel, name, getattr(self, name))
        for publisher in (shell.displayhook, shell.display_pub):
            publisher.session, publisher.pub_socket = self.session, self.iopub_socket
        self.displayhook.get_execution_count = lambda: kernel.execution_count

    def init_kernel(self) -> None:
        """Make a kernel that cannot hear yet."""
        about = {"log": self.log, "profile_dir": self.profile_dir, "user_ns": self.user_ns}
        kernel_class: Any = self.kernel_class  # a traitlet; its type says no more than `type`
        self.kernel = kernel_class.instance(parent=self, shell_channel_thread=_NoThread(), **about)

    def init_iopub(self, context: zmq.Context) -> None:
        """Publish without the pipe for subprocesses, which is a TCP socket."""
        publisher = context.socket(zmq.XPUB)
        publisher.linger = 1000
        self.iopub_port = self._bind_socket(publisher, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = IOPubThread(publisher, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def _try_bind_socket(self, s: zmq.Socket, port: int) -> int:
        s.setsockopt(zmq.USE_FD, self._listening[JUPYTER_CHANNELS[port - 1]])
        return super()._try_bind_socket(s, port)

    def _leave_out(self, **unused: Any) -> None:
        """Do nothing now: `connect` does, or nobody needs it."""

    init_sockets = init_heartbeat = init_io = init_signal = _leave_out
    init_connection_file = write_connection_file = log_connection_info = _leave_out


def make_app() -> ForkedApp:
    """Return a kernel without connections, to be forked and then connected."""
    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.outstream_class = f"{__name__}.{Stream.__name__}"
    ports = {f"{name}_port": port for name, port in _PORTS.items()}
    app = ForkedApp.instance(config=config, kernel_class=Kernel, transport="ipc", **ports)
    app.initialize([])
    shell = app.kernel.shell
    setattr(zmqshell, "system", run_command)  # noqa: B010 (mypy takes it for a method)
    shell.enable_matplotlib("inline")
    shell.transform_cell = lru_cache(maxsize=1)(shell.transform_cell)  # is called twice for a cell
    _start_random_numbers()
    return app


def connect_app(
    app: ForkedApp,
    listening: Mapping[str, int],
    prefix: str,
    key: str,
    observations: socket.socket,
    overheard: Overheard,
) -> None:
    """Connect a kernel, which will run until the process ends, once it is started.

    Args:
        app: what `make_app` returned, in a fork of the process that called it.
        listening: file descriptor of the listening Unix socket of each of `JUPYTER_CHANNELS`.
        prefix: their common path without ``-1`` … ``-5``.
        key: what messages are signed with.
        observations: to the judge; see `protocol.observation_channel`.
        overheard: listens to what the answers call.
    """
    random.seed(0)  # Python draws a new seed in a fork
    # last, so that a file handed in as torch.py or sitecustomize.py shadows nothing
    sys.path.append(os.getcwd())
    app.connect(listening, prefix, key)
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, OutStream)  # ours since `connect`
        stream.flush_interval = _FLUSH_SECONDS
    _answer_on(observations, app, overheard)


def main() -> None:
    """Be a kernel without a wall, as jupyter_client starts one; see `host.unconfined`."""
    _start_random_numbers()
    remove(os.environ.pop(WITHOUT, "").split())
    app = KernelApp.instance(kernel_class=Kernel)
    app.initialize()
    _answer_on(connect_back(), app, Overheard())
    app.start()


def _start_random_numbers() -> None:
    """Give every kernel the same state, so that marks do not vary from run to run."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


def _answer_on(channel: socket.socket, app: IPKernelApp, overheard: Overheard) -> None:
    """Answer what the judge asks, between cells."""
    loop, state = IOLoop.current(), ProcessState()
    shell = app.kernel.shell
    shell.events.register("post_run_cell", lambda *_: state.after_cell())
    shell.ask_exit = _stay

    def answers(requests: bytes) -> Iterator[bytes]:
        found, begin = [], time.monotonic()
        for request in decode(requests):
            overheard.forget()  # what cells ran is their own business
            state.before_question()
            with _interruptible():
                found.append(overheard.add_to(perform(shell.user_ns, request)))
            if time.monotonic() - begin > _PATIENCE:
                yield encode(found)
                found, begin = [], time.monotonic()
        if found:
            yield encode(found)

    def take(*event: object) -> None:
        asked = receive(channel)
        if asked is None:
            loop.remove_handler(channel)
            return
        try:
            if asked.kind == MISSED:
                told = Frame(ANSWER, asked.number, bytes([missed()]))
                channel.sendall(told.encode())
                return
            for content in answers(asked.content):
                channel.sendall(Frame(ANSWER, asked.number, content).encode())
        except BaseException as error:
            why = f"{type(error).__name__}: {error}"[:500].encode()
            channel.sendall(Frame(FAILED, asked.number, why).encode())

    loop.add_handler(channel, take, IOLoop.READ)


def _stay() -> None:
    """End the cell that says ``exit()``, and not the process of all the others."""
    raise SystemExit("exit()")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interrupt, which is ignored otherwise, raise KeyboardInterrupt."""
    ignoring = signal(SIGINT, default_int_handler)
    try:
        yield
    finally:
        signal(SIGINT, ignoring)


if __name__ == "__main__":
    main()
