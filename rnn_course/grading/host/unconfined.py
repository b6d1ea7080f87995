"""Kernels without a sandbox, for machines that cannot fork one; only for trusted code.

Stands in for `fork_server_process` where the instructor trusts the submissions and the machine is
not Linux: every kernel is a process of its own, started by jupyter_client, with our rights.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec

from rnn_course.errors import GradingError
from rnn_course.grading.host.launcher import Exit
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.observation_channel import CallbackListener
from rnn_course.grading.protocol.sandbox_layout import WITHOUT
from rnn_course.grading.protocol.scratch_folder import write_files

_SPEC = KernelSpec(
    argv=[sys.executable, "-m", "rnn_course.grading.sandbox.kernel", "-f", "{connection_file}"],
    language="python",
    metadata={"kernel_provisioner": {"provisioner_name": "local-provisioner"}},
)
_FIX = "Try `python -m ipykernel_launcher`, and mend what it complains of."


class UnconfinedKernelProcess:
    """A kernel in a process of its own; see `launcher.RunningKernel`."""

    control_socket = None

    def __init__(self, files: Mapping[str, bytes], without: Collection[str] = ()) -> None:
        self.exit: Exit | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="rnn-course-"))
        write_files(files, self._folder)
        self._manager = KernelManager()
        self._manager._kernel_spec = _SPEC
        callback = CallbackListener()
        environment = os.environ | callback.environment | {WITHOUT: " ".join(sorted(without))}
        self._manager.start_kernel(cwd=str(self._folder), env=environment)
        channel = callback.wait(lambda: self.poll() is None)
        if channel is None:
            raise GradingError("a kernel", "one that ended at its start", _FIX)
        self.observation_socket = channel
        info: dict[str, Any] = {**self._manager.get_connection_info()}
        self.connection_info = {**info, "key": info["key"].decode()}

    def poll(self) -> int | None:
        """Return an exit code once the kernel has ended, None while it runs."""
        if self.exit is None and not self._manager.is_alive():
            self.exit = {"exit": -1, "why": "crashed"}
        return None if self.exit is None else self.exit["exit"]

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the running cell."""
        with suppress(RuntimeError):  # it has just ended
            self._manager.interrupt_kernel()

    def kill(self) -> None:
        """End the kernel, and delete its folder."""
        self._manager.shutdown_kernel(now=True)
        self.observation_socket.close()
        self.exit = self.exit or {"exit": -9, "why": "killed"}
        shutil.rmtree(self._folder, ignore_errors=True)


class UnconfinedLauncher:
    """Starts kernels without a sandbox; see `launcher.Launcher`."""

    alive = True

    def start_kernel(
        self,
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
        without: Collection[str] = (),
    ) -> UnconfinedKernelProcess:
        """Start a kernel; only the limits that the judge itself keeps hold for it."""
        return UnconfinedKernelProcess(files or {}, without)

    def close(self) -> None:
        """Nothing is kept."""
