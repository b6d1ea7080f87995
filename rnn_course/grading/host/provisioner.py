"""Lets whatever starts kernels through jupyter_client start them behind the wall.

Registered as the kernel provisioner ``rnn-course-sandbox``; chosen for every kernel of a process by
``KernelProvisionerFactory.default_provisioner_name`` in its configuration, or by the environment
variable ``JUPYTER_DEFAULT_PROVISIONER_NAME``. nbclient, nbconvert and nbgrader then need no
change.
"""

import asyncio
import signal
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase

from rnn_course.grading.host.fork_server_process import own_launcher
from rnn_course.grading.host.launcher import Launcher, RunningKernel
from rnn_course.grading.intake.staging import stage
from rnn_course.grading.protocol.limits import Limits


class SandboxProvisioner(KernelProvisionerBase):
    """Starts kernels behind the wall; the folder a kernel is started in is copied there.

    Called by `jupyter_client.KernelManager`, in the order in which the methods stand here.
    """

    _started: RunningKernel | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the command: no program is started, the fork server forks."""
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel, with the files of the folder it was to be started in.

        Raises:
            ConfinementError: this machine cannot confine it.
        """
        limits = Limits()
        folder = kwargs.get("cwd")
        staged = stage(Path(folder) if folder else None, limits)
        for text in staged.left_out:
            self.log.warning(text)
        launcher: Launcher = await asyncio.to_thread(own_launcher)
        started = await asyncio.to_thread(launcher.start_kernel, limits, staged.files)
        self._started = started
        info = started.connection_info
        self.connection_info = cast(KernelConnectionInfo, {**info, "key": info["key"].encode()})
        return self.connection_info

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not cleaned up."""
        return self._started is not None

    async def poll(self) -> int | None:
        """Return the kernel's exit code, None while it runs."""
        return 0 if self._started is None else self._started.poll()

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(0.02)
        return code

    async def send_signal(self, signum: int) -> None:
        """Interrupt or kill; a kernel behind the wall hears no other signal."""
        if signum == signal.SIGINT and self._started is not None:
            self._started.interrupt()
        elif signum in (signal.SIGTERM, signal.SIGKILL):
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and everything it started."""
        if self._started is not None:
            await asyncio.to_thread(self._started.kill)

    async def terminate(self, restart: bool = False) -> None:
        """Do the same: nothing behind the wall is worth a farewell."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Forget the kernel."""
        await self.kill(restart)
        self._started = None
