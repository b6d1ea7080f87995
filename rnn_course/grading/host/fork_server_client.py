"""Asks a fork server for kernels; whoever shares its socket may, see `shared_fork_server`."""

import json
import os
import secrets
import select
import socket
import struct
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rnn_course.errors import GradingError, StartTimeoutError
from rnn_course.grading.host.cgroups import Cgroup, parent_group
from rnn_course.grading.host.kernel_process import KernelProcess
from rnn_course.grading.host.patience import LATER, busy, scaled
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.supervisor_channel import HERE, JUPYTER_CHANNELS

_START_SECONDS = 120.0
_CREDENTIALS = struct.Struct("3i")  # process, user, group


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
        group = None if self.trust else _bounded(control, limits)
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
        try:
            for content in files.values():
                control.sendall(content)
            _require_ready(control)
        except BaseException:
            control.close()
            if group is not None:
                group.remove()
            raise
        info = {
            "transport": "ipc",
            "ip": prefix,
            "key": key,
            "signature_scheme": "hmac-sha256",
            **{f"{channel}_port": n for n, channel in enumerate(JUPYTER_CHANNELS, 1)},
        }
        return KernelProcess(info, control, observations, group)

    def _fork(self) -> tuple[socket.socket, socket.socket]:
        """Have a supervisor forked; return our ends of its two sockets."""
        control, supervisors = socket.socketpair()
        control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        observations, kernels = socket.socketpair()
        with self._lock, supervisors, kernels:
            socket.send_fds(self.server_socket, [b"f"], [supervisors.fileno(), kernels.fileno()])
        return control, observations


def _bounded(control: socket.socket, limits: Limits) -> Cgroup | None:
    """Put a supervisor, which waits for its order, into a group of its own; return that.

    None where there can be none: memory is counted there.
    """
    parent = parent_group()
    if parent is None:
        return None
    control.settimeout(scaled(_START_SECONDS))
    with suppress(OSError, ValueError):
        # its first line is left to be read; with it the system tells its number, as we see it
        _, told, _, _ = control.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size), socket.MSG_PEEK)
        ((_, _, content),) = told
        group = Cgroup.make(parent, limits)
        try:
            group.add(_CREDENTIALS.unpack(content)[0])
        except OSError:
            group.remove()
            raise
        return group
    return None


def _require_ready(control: socket.socket) -> None:
    wanted, silent = "a kernel behind the wall", "no answer from its fork server"
    try:
        stream = control.makefile("rb")
        line = stream.readline()
        said = json.loads((stream.readline() if line == HERE else line) or b"{}")
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
