"""What starts kernels, and what is held of one: two seams, each kept with and without a sandbox.

`Launcher` is kept by `ForkServerProcess` and `ForkServerClient`, which start a `KernelProcess`,
and by `UnconfinedLauncher`, which starts an `UnconfinedKernelProcess`. Both of these are a
`RunningKernel`, which a `KernelClient` speaks to.
"""

import socket
from collections.abc import Collection, Mapping
from typing import Any, Protocol, TypedDict

from rnn_course.grading.protocol.limits import Limits


class Exit(TypedDict):
    """How a kernel ended: its exit code, and ``killed``, ``crashed`` or one of `limits.KINDS`."""

    exit: int
    why: str


class RunningKernel(Protocol):
    """A kernel that was started, as the host holds it."""

    @property
    def connection_info(self) -> dict[str, Any]:
        """What a Jupyter client needs to reach it."""

    @property
    def control_socket(self) -> socket.socket | None:
        """Leads to its supervisor, None where it has none."""

    @property
    def observation_socket(self) -> socket.socket:
        """Leads to the kernel itself; see `protocol.observation_channel`."""

    @property
    def exit(self) -> Exit | None:
        """How it ended, None while nothing is known of that."""

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the running cell."""

    def kill(self) -> None:
        """End it and everything it started, and wait until they are gone."""


class Launcher(Protocol):
    """Whatever starts kernels."""

    @property
    def alive(self) -> bool:
        """Whether it can start any."""

    def start_kernel(
        self,
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
        without: Collection[str] = (),
    ) -> RunningKernel:
        """Start a kernel in a folder of its own.

        Args:
            limits: what it may use.
            files: the submission's files, by relative path.
            without: kinds of implementations that do not exist in it; see `checks.withheld`.

        Raises:
            GradingError: the kernel could not be set up.
        """
