"""The judge's end of the wall: starts the warm parent, and asks it for kernels.

`shared_wall` keeps it for the life of the process, so that only the first submission pays for the
imports; `door` shares it with other processes.
"""

import atexit
import dataclasses
import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from rnn_course.data.cache import cache_dir
from rnn_course.errors import ConfinementError, GradingError
from rnn_course.grading.host import bubblewrap
from rnn_course.grading.host.unconfined import PlainWall
from rnn_course.grading.protocol.limits import Limits

_PROGRAM = "rnn_course.grading.sandbox.fork_server"
_START_SECONDS = 120.0
_END_SECONDS = 20.0  # a world of sixty large processes on a crowded machine takes ten
_INTERRUPT, _KILL = b"I", b"K"


@dataclasses.dataclass
class Started:
    """A kernel that was just forked.

    Attributes:
        connection_info: what a Jupyter client needs to reach it.
        line: to its warden, which ends the kernel when this is closed.
        wire: to the kernel itself; see `conversation`.
        exit: what the warden said when the kernel ended: ``{"exit": code, "why": kind}``.
    """

    connection_info: dict
    line: socket.socket
    wire: socket.socket
    exit: dict | None = None
    _heard: bytes = b""

    def poll(self) -> int | None:
        """Return the kernel's exit code, None while it runs."""
        while self.exit is None and select.select([self.line], [], [], 0)[0]:
            self._hear()
        return None if self.exit is None else self.exit["exit"]

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the running cell."""
        self._order(_INTERRUPT)

    def kill(self) -> None:
        """End the kernel and everything it started, and wait until they are gone."""
        if self.line.fileno() < 0:
            return
        self._order(_KILL)
        deadline = time.monotonic() + _END_SECONDS
        while self.exit is None and time.monotonic() < deadline:
            if select.select([self.line], [], [], 0.1)[0]:
                self._hear()
        self.exit = self.exit or {"exit": -9, "why": "killed"}
        self.line.close()
        self.wire.close()
        prefix = self.connection_info["ip"]
        for port in range(1, 6):
            with suppress(FileNotFoundError):
                os.unlink(f"{prefix}-{port}")
        shutil.rmtree(f"{prefix}-scratch", ignore_errors=True)

    def _order(self, letter: bytes) -> None:
        with suppress(OSError):
            self.line.sendall(letter)

    def _hear(self) -> None:
        """Read what the warden says; its end of the line closes when its world has ended."""
        try:
            data = self.line.recv(4096)
        except OSError:
            data = b""
        self._heard += data
        for text in self._heard.splitlines() if not data else ():
            message = json.loads(text)
            self.exit = message if "exit" in message else self.exit
        if not data and self.exit is None:
            self.exit = {"exit": -9, "why": "killed"}


@dataclasses.dataclass(frozen=True)
class Warm:
    """A warm parent, as everyone holds it who may ask it for kernels; thread-safe.

    Attributes:
        line: to the parent, one end of a socket pair.
        folder: where kernels put their sockets.
        trust: there is no wall.
    """

    line: socket.socket
    folder: Path
    trust: bool
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    @property
    def alive(self) -> bool:
        """Whether the parent still runs."""
        poll = select.poll()
        poll.register(self.line, 0)
        return not poll.poll(0)

    def start_kernel(self, limits: Limits, files: Mapping[str, bytes] | None = None) -> Started:
        """Fork a kernel.

        Args:
            limits: what it may use.
            files: the submission's files, by relative path.

        Raises:
            GradingError: the kernel could not be set up.
        """
        name, key = secrets.token_hex(6), secrets.token_hex(32)
        prefix = f"{self.folder}/{name}"
        folder = f"{prefix}-scratch" if self.trust else ""
        if folder:
            os.mkdir(folder)
        ours, wardens = socket.socketpair()
        wire, kernels = socket.socketpair()
        with self._lock, wardens, kernels:
            socket.send_fds(self.line, [b"f"], [wardens.fileno(), kernels.fileno()])
        files = files or {}
        order = {
            **{"name": name, "key": key, "limits": dataclasses.asdict(limits), "folder": folder},
            "files": [(path, len(content)) for path, content in files.items()],
        }
        ours.settimeout(_START_SECONDS)
        ours.sendall(json.dumps(order).encode() + b"\n")
        for content in files.values():
            ours.sendall(content)
        _require_ready(ours)
        info = {"transport": "ipc", "ip": prefix, "key": key, "signature_scheme": "hmac-sha256"}
        ports = ("shell", "iopub", "stdin", "control", "hb")
        info |= {f"{channel}_port": n for n, channel in enumerate(ports, 1)}
        return Started(info, ours, wire)


class Wall:
    """A warm parent behind the wall; thread-safe.

    Args:
        trust: no wall at all. The submission runs with the rights of whoever grades it.
        shared: cache folders that student code may read; it sees them as its own cache. The data
            cache if None.
        gpu: let student code use NVIDIA devices.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """

    def __init__(
        self, *, trust: bool = False, shared: Sequence[Path] | None = None, gpu: bool = False
    ) -> None:
        _require_linux()
        shared = [cache_dir()] if shared is None else shared
        self._folder = Path(tempfile.mkdtemp(prefix="rnn-wall-"))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        root = not trust and bubblewrap.is_root()
        written = {bubblewrap.SOCKETS: self._folder, bubblewrap.COMPILED: _compiled()}
        for folder in written.values() if root else ():
            os.chown(folder, bubblewrap.NOBODY, bubblewrap.NOBODY)
        options = {
            "trust": trust,
            "root": root,
            "sockets": str(self._folder) if trust else bubblewrap.SOCKETS,
            "shared": [str(path) for path in shared],
            "readable": bubblewrap.readable(shared),
            "devices": bubblewrap.devices(gpu),
        }
        program = bubblewrap.python(
            "-m", "rnn_course.grading.sandbox.fork_server", json.dumps(options)
        )
        if not trust:
            program = bubblewrap.command(written, program, root=root, shared=shared, gpu=gpu)
        line, theirs = socket.socketpair()
        self.warm = Warm(line, self._folder, trust)
        self._process = subprocess.Popen(
            program,
            stdin=theirs,
            stdout=self._errors,
            stderr=self._errors,
            env=os.environ | bubblewrap.TO_FORK,
        )
        theirs.close()
        self._owner = os.getpid()
        atexit.register(self.close)
        self._await_ready()

    @property
    def alive(self) -> bool:
        """Whether the parent still runs."""
        return self._process.poll() is None and self.warm.alive

    def start_kernel(self, limits: Limits, files: Mapping[str, bytes] | None = None) -> Started:
        """Fork a kernel; see `Warm.start_kernel`."""
        return self.warm.start_kernel(limits, files)

    def close(self) -> None:
        """End the parent and every kernel behind this wall."""
        atexit.unregister(self.close)
        if os.getpid() != self._owner:  # a fork of the judge has no say over it
            return
        self.warm.line.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._process.kill()
        self._process.wait()
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await_ready(self) -> None:
        ready, _, _ = select.select([self.warm.line], [], [], _START_SECONDS)
        if ready and self.warm.line.recv(16):
            return
        self._process.kill()
        self._process.wait()
        self._errors.seek(0)
        said = self._errors.read()[-1500:].decode(errors="replace").strip()
        self.close()
        raise ConfinementError(
            "a confined Python that has imported the course's packages",
            said or "none within two minutes",
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
    """Return where the warm parent keeps what takes long to find again.

    That is what librosa has numba compile, 15 seconds, and matplotlib's list of fonts.
    """
    folder = cache_dir() / "compiled"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _require_ready(line: socket.socket) -> None:
    try:
        said = json.loads(line.makefile("rb").readline() or b"{}")
    except (OSError, ValueError):
        said = {}
    if "ready" not in said:
        line.close()
        raise GradingError(
            "a kernel behind the wall",
            said.get("failed", "no answer from its parent"),
            "Run `rnn-course doctor`; if it is content, report this as a bug.",
        )


_sharing = threading.Lock()


@lru_cache(maxsize=4)
def _keep_wall(process: int, trust: bool, gpu: bool) -> list:
    """Return a place for a wall; one for each process, since a fork shares nothing of it."""
    return []


def shared_wall(*, trust: bool = False, gpu: bool = False) -> Wall | PlainWall:
    """Return this process's wall, started on first use and again should its parent have died.

    Args:
        trust: no wall, see `Wall`; where kernels cannot be forked, not even a warm parent.
        gpu: let student code use NVIDIA devices.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    with _sharing:
        kept = _keep_wall(os.getpid(), trust, gpu)
        if kept and not kept[0].alive:
            kept.pop().close()
        if not kept:
            plain = trust and sys.platform != "linux"
            kept.append(PlainWall() if plain else Wall(trust=trust, gpu=gpu))
        return kept[0]
