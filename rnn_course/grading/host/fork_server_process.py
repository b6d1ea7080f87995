"""Starts the fork server, in the sandbox where there is one, and keeps it for this process.

`own_launcher` keeps it for the life of the process, so that only the first submission pays for the
imports; `shared_fork_server` shares it with other processes.
"""

import atexit
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from rnn_course.data.cache import cache_dir
from rnn_course.errors import ConfinementError, StartTimeoutError
from rnn_course.grading.host import bubblewrap
from rnn_course.grading.host.fork_server_client import ForkServerClient
from rnn_course.grading.host.kernel_process import KernelProcess
from rnn_course.grading.host.patience import LATER, await_start, cpu_seconds
from rnn_course.grading.host.unconfined import UnconfinedLauncher
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.sandbox_layout import COMPILED, NOBODY, SOCKETS

_PROGRAM = "rnn_course.grading.sandbox.fork_server"


class ForkServerProcess:
    """A fork server of our own; thread-safe. See `launcher.Launcher`.

    Args:
        trust: no sandbox at all. The submission runs with the rights of whoever grades it.
        shared: cache folders that student code may read; it sees them as its own cache. The data
            cache if None.
        gpu: let student code use NVIDIA devices.
        modules: what to import beforehand: that which the notebook imports.

    Attributes:
        client: what asks it for kernels.

    Raises:
        ConfinementError: this machine cannot confine student code.
        StartTimeoutError: it hangs, or this machine is too busy.
    """

    def __init__(
        self,
        *,
        trust: bool = False,
        shared: Sequence[Path] | None = None,
        gpu: bool = False,
        modules: Sequence[str] = (),
    ) -> None:
        _require_linux()
        shared = [cache_dir()] if shared is None else shared
        self._folder = Path(tempfile.mkdtemp(prefix="rnn-wall-"))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        ours, theirs = socket.socketpair()
        self.client = ForkServerClient(ours, self._folder, trust)
        self._process = subprocess.Popen(
            self._command(trust, shared, gpu, modules),
            stdin=theirs.fileno(),
            stdout=self._errors,
            stderr=self._errors,
            env=os.environ | bubblewrap.FORK_ENVIRONMENT,
        )
        theirs.close()
        self._owner = os.getpid()
        atexit.register(self.close)
        self._await_ready()

    @property
    def alive(self) -> bool:
        """Whether the fork server still runs."""
        return self._process.poll() is None and self.client.alive

    def start_kernel(
        self,
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
        without: Collection[str] = (),
    ) -> KernelProcess:
        """Fork a kernel; see `launcher.Launcher.start_kernel`."""
        return self.client.start_kernel(limits, files, without)

    def close(self) -> None:
        """End the fork server and every kernel that it has forked."""
        atexit.unregister(self.close)
        if os.getpid() != self._owner:  # a fork of the judge has no say over it
            return
        self.client.server_socket.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._process.kill()
        self._process.wait()
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _command(
        self, trust: bool, shared: Sequence[Path], gpu: bool, modules: Sequence[str]
    ) -> list[str]:
        """Return the command line that starts it, with the folders that it needs in place."""
        root = not trust and bubblewrap.is_root()
        written = {SOCKETS: self._folder, COMPILED: _compiled()}
        for folder in written.values() if root else ():
            os.chown(folder, NOBODY, NOBODY)
        options = {
            "trust": trust,
            "root": root,
            "sockets": str(self._folder) if trust else SOCKETS,
            "shared": [str(path) for path in shared],
            "readable": bubblewrap.readable(shared),
            "devices": bubblewrap.devices(gpu),
            "modules": list(modules),
        }
        program = bubblewrap.python("-m", _PROGRAM, json.dumps(options))
        if trust:
            return program
        return bubblewrap.command(written, program, root=root, shared=shared, gpu=gpu)

    def _await_ready(self) -> None:
        """Wait until it says that it has imported what it is to import.

        Raises:
            StartTimeoutError: it has not, and no longer works on it.
            ConfinementError: it has ended.
        """
        process, channel = self._process, self.client.server_socket

        def ready() -> bool:
            return bool(select.select([channel], [], [], 0.5)[0])

        late = await_start(ready, lambda: cpu_seconds(process.pid))
        if not late and channel.recv(16):
            return
        process.kill()
        process.wait()
        self._errors.seek(0)
        said = self._errors.read()[-1500:].decode(errors="replace").strip()
        self.close()
        wanted = "a confined Python that has imported the course's packages"
        if late:
            raise StartTimeoutError(wanted, f"{late}\n{said}".strip(), LATER)
        raise ConfinementError(
            wanted,
            said or f"one that ended at its start, with the exit code {process.returncode}",
            "Run `rnn-course doctor`, which says what this machine lacks and how to get it.",
        )


def _require_linux() -> None:
    if sys.platform != "linux":
        raise ConfinementError(
            "Linux, whose namespaces, Landlock and seccomp the wall is made of",
            sys.platform,
            "Grade on a Linux machine or in a virtual one, or pass --trust-submissions, which "
            "runs students' code with your own rights.",
        )


def _compiled() -> Path:
    """Return where the fork server keeps what takes long to find again.

    That is what librosa has numba compile, 15 seconds, and matplotlib's list of fonts.
    """
    folder = cache_dir() / "compiled"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_choosing = threading.Lock()


@lru_cache(maxsize=4)
def _launchers_of(
    process: int, trust: bool, gpu: bool
) -> list[ForkServerProcess | UnconfinedLauncher]:
    """Return a place for a launcher; one for each process, since a fork shares nothing of it."""
    return []


def own_launcher(
    *, trust: bool = False, gpu: bool = False, modules: Sequence[str] = ()
) -> ForkServerProcess | UnconfinedLauncher:
    """Return this process's launcher, made on first use and again should its fork server die.

    Args:
        trust: no wall, see `ForkServerProcess`; where kernels cannot be forked, no fork server.
        gpu: let student code use NVIDIA devices.
        modules: what a new fork server imports beforehand.

    Raises:
        ConfinementError: this machine cannot confine student code.
        StartTimeoutError: it did not start, twice.
    """
    with _choosing:
        kept = _launchers_of(os.getpid(), trust, gpu)
        if kept and not kept[0].alive:
            kept.pop().close()
        if not kept:
            unforked = trust and sys.platform != "linux"
            if unforked:
                kept.append(UnconfinedLauncher())
            else:
                kept.append(_fork_server(trust, gpu, modules))
        return kept[0]


def _fork_server(trust: bool, gpu: bool, modules: Sequence[str]) -> ForkServerProcess:
    """Start one, and once more if it takes too long: by then its files are in memory."""
    try:
        return ForkServerProcess(trust=trust, gpu=gpu, modules=modules)
    except StartTimeoutError:
        return ForkServerProcess(trust=trust, gpu=gpu, modules=modules)
