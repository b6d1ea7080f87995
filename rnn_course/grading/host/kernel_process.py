"""A kernel that the fork server has forked, held through its supervisor."""

import json
import os
import select
import shutil
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from rnn_course.grading.host.cgroups import Cgroup
from rnn_course.grading.host.launcher import Exit
from rnn_course.grading.protocol.supervisor_channel import INTERRUPT, JUPYTER_CHANNELS, KILL

_END_SECONDS = 20.0  # a world of sixty large processes on a crowded machine takes ten


@dataclass
class KernelProcess:
    """A kernel that was just forked; see `launcher.RunningKernel`.

    Attributes:
        connection_info: what a Jupyter client needs to reach it.
        control_socket: to its supervisor, which ends the kernel when this is closed.
        observation_socket: to the kernel itself; see `protocol.observation_channel`.
        group: what the operating system bounds it by, None where it is counted.
        exit: what the supervisor said when the kernel ended.
    """

    connection_info: dict[str, Any]
    control_socket: socket.socket
    observation_socket: socket.socket
    group: Cgroup | None = None
    exit: Exit | None = None
    _received: bytes = b""

    def poll(self) -> int | None:
        """Return the kernel's exit code, None while it runs."""
        while self.exit is None and select.select([self.control_socket], [], [], 0)[0]:
            self._receive()
        return None if self.exit is None else self.exit["exit"]

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the running cell."""
        self._order(INTERRUPT)

    def kill(self) -> None:
        """End the kernel and everything it started, and wait until they are gone."""
        if self.control_socket.fileno() < 0:
            return
        self._order(KILL)
        deadline = time.monotonic() + _END_SECONDS
        while self.exit is None and time.monotonic() < deadline:
            if select.select([self.control_socket], [], [], 0.1)[0]:
                self._receive()
        self.exit = self.exit or {"exit": -9, "why": "killed"}
        self.control_socket.close()
        self.observation_socket.close()
        if self.group is not None:
            self.group.remove()
        prefix = self.connection_info["ip"]
        for number, _ in enumerate(JUPYTER_CHANNELS, 1):
            with suppress(FileNotFoundError):
                os.unlink(f"{prefix}-{number}")
        shutil.rmtree(f"{prefix}-scratch", ignore_errors=True)

    def _order(self, letter: bytes) -> None:
        with suppress(OSError):
            self.control_socket.sendall(letter)

    def _receive(self) -> None:
        """Read what the supervisor says; its end closes when its world has ended."""
        try:
            data = self.control_socket.recv(4096)
        except OSError:
            data = b""
        self._received += data
        for text in self._received.splitlines() if not data else ():
            message = json.loads(text)
            self.exit = message if "exit" in message else self.exit
        if not data and self.exit is None:
            # the system ends a group as a whole, and its supervisor says no more
            full = self.group is not None and self.group.out_of_memory
            self.exit = {"exit": -9, "why": "memory" if full else "killed"}
