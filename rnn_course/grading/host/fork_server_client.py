"""Asks a fork server for kernels; whoever shares its socket may, see `shared_fork_server`."""

import json
import os
import secrets
import select
import socket
import threading
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rnn_course.errors import GradingError, StartTimeoutError
from rnn_course.grading.host.kernel_process import KernelProcess
from rnn_course.grading.host.patience import LATER, busy, scaled
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.supervisor_channel import JUPYTER_CHANNELS

_START_SECONDS = 120.0


@dataclass(frozen=True)
class ForkServerClient:
    """A fork server, as everyone holds it who may ask it for kernels; thread-safe.

    Attributes:
        server_socket: to the fork server, one end of a socket pair.
        folder: where kernels put their sockets.
        trust: there is no wall.
    """

    server_socket: socket.socket
    folder: Path
    trust: bool
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def alive(self) -> bool:
        """Whether the fork server still runs."""
        poll = select.poll()
        poll.register(self.server_socket, 0)
        return not poll.poll(0)

    def start_kernel(
        self,
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
        without: Collection[str] = (),
    ) -> KernelProcess:
        """Fork a kernel; see `launcher.Launcher.start_kernel`."""
        name, key = secrets.token_hex(6), secrets.token_hex(32)
        prefix = f"{self.folder}/{name}"
        folder = f"{prefix}-scratch" if self.trust else ""
        if folder:
            os.mkdir(folder)
        control, observations = self._fork()
        files = files or {}
        order = {
            "name": name,
            "key": key,
            "limits": asdict(limits),
            "folder": folder,
            "without": sorted(without),
            "files": [(path, len(content)) for path, content in files.items()],
        }
        control.settimeout(scaled(_START_SECONDS))
        control.sendall(json.dumps(order).encode() + b"\n")
        for content in files.values():
            control.sendall(content)
        _require_ready(control)
        info = {
            "transport": "ipc",
            "ip": prefix,
            "key": key,
            "signature_scheme": "hmac-sha256",
            **{f"{channel}_port": n for n, channel in enumerate(JUPYTER_CHANNELS, 1)},
        }
        return KernelProcess(info, control, observations)

    def _fork(self) -> tuple[socket.socket, socket.socket]:
        """Have a supervisor forked; return our ends of its two sockets."""
        control, supervisors = socket.socketpair()
        observations, kernels = socket.socketpair()
        with self._lock, supervisors, kernels:
            socket.send_fds(self.server_socket, [b"f"], [supervisors.fileno(), kernels.fileno()])
        return control, observations


def _require_ready(control: socket.socket) -> None:
    wanted, silent = "a kernel behind the wall", "no answer from its fork server"
    try:
        said = json.loads(control.makefile("rb").readline() or b"{}")
    except TimeoutError:
        late = f"a time-out: {silent} for {control.gettimeout():.0f} seconds, and {busy()}"
        control.close()
        raise StartTimeoutError(wanted, late, LATER) from None
    except (OSError, ValueError):
        said = {}
    if "ready" not in said:
        control.close()
        raise GradingError(
            wanted,
            said.get("failed", silent),
            "Run `rnn-course doctor`; if it is content, report this as a bug.",
        )
