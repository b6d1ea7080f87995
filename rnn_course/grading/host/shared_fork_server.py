"""One fork server for all workers of a machine: offered by one process, found by the others.

A second one would hold the same hundreds of MiB of imported packages once more; see
``python -m benchmarks grading``.
"""

import json
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from rnn_course.grading.host.fork_server_client import ForkServerClient
from rnn_course.grading.host.fork_server_process import own_launcher
from rnn_course.grading.host.launcher import Launcher
from rnn_course.grading.host.unconfined import UnconfinedLauncher

_ADDRESS = "RNN_COURSE_FORK_SERVER"


@contextmanager
def share_fork_server(
    *, trust: bool, gpu: bool, modules: Sequence[str] = ()
) -> Iterator[dict[str, str]]:
    """Let other processes of this user ask this process's fork server for kernels.

    Yields:
        The environment that leads a process to it.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    if isinstance(own_launcher(trust=trust, gpu=gpu, modules=modules), UnconfinedLauncher):
        yield {}  # without forks there is nothing to share
        return
    with tempfile.TemporaryDirectory(prefix="rnn-fork-server-") as folder:
        address = f"{folder}/socket"
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(address)
        listening.listen()
        server = Thread(target=_serve, args=(listening, trust, gpu))
        server.start()
        try:
            yield {_ADDRESS: address}
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            server.join()
            listening.close()


def _serve(listening: socket.socket, trust: bool, gpu: bool) -> None:
    """Hand our socket to whoever connects, until `listening` is shut down."""
    while True:
        try:
            visitor, _ = listening.accept()
        except OSError:
            return
        with visitor, suppress(OSError):
            launcher = own_launcher(trust=trust, gpu=gpu)
            assert not isinstance(launcher, UnconfinedLauncher)  # else there was nothing to share
            client = launcher.client
            about = json.dumps({"folder": str(client.folder), "trust": trust}).encode()
            socket.send_fds(visitor, [about], [client.server_socket.fileno()])


_found: list[ForkServerClient] = []


def find_launcher(*, trust: bool, gpu: bool, modules: Sequence[str] = ()) -> Launcher:
    """Return what starts kernels: the shared fork server, or where there is none, our own.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    address = os.environ.get(_ADDRESS)
    if not address:
        return own_launcher(trust=trust, gpu=gpu, modules=modules)
    if _found and not _found[0].alive:
        _found.pop().server_socket.close()
    if not _found:
        _found.append(_connect(address))
    return _found[0]


def _connect(address: str) -> ForkServerClient:
    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect(address)
        about, (descriptor,), _, _ = socket.recv_fds(visitor, 4096, 1)
    known = json.loads(about)
    return ForkServerClient(socket.socket(fileno=descriptor), Path(known["folder"]), known["trust"])
