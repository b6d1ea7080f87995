"""One submission's kernels, one after another: a fresh one where the last was lost."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

from rnn_course.checks.subject import SubjectLostError
from rnn_course.errors import ObservationError
from rnn_course.grading.host.kernel_client import Execution
from rnn_course.grading.protocol.limits import Limits

Answer = TypeVar("Answer")


class Kernel(Protocol):
    """What a session needs of a kernel; see `host.kernel_client.KernelClient`."""

    @property
    def alive(self) -> bool:
        """Whether it still runs."""

    def run(self, code: str, seconds: float | None = None) -> Execution:
        """Run a cell and return when it is over, one way or another."""

    def ask(self, message: bytes, seconds: float | None = None) -> bytes:
        """Send encoded requests and return the first answers."""

    def more(self, seconds: float | None = None) -> bytes:
        """Return further answers."""

    def missed(self) -> bool:
        """Tell whether anything that is withheld from it was called."""

    def close(self) -> None:
        """End it and all that it started."""


class KernelSession:
    """Runs the cells of one submission.

    Args:
        launch: starts a kernel.
        limits: what a submission may use.
    """

    def __init__(self, launch: Callable[[], Kernel], limits: Limits) -> None:
        self._launch, self._limits = launch, limits
        self._kernel: Kernel | None = None
        self._ends = time.monotonic() + limits.submission_seconds
        self._missed = False

    @property
    def seconds_left(self) -> float:
        """What is left of the submission's time, over all its kernels."""
        return self._ends - time.monotonic()

    @property
    def lost(self) -> bool:
        """Whether there is no kernel: none was started yet, or the last one died."""
        return self._kernel is None

    def missed(self) -> bool:
        """Tell whether what is withheld was called, or nobody knows: a kernel was lost.

        Raises:
            SubjectLostError: the kernel is gone or did not answer.
            ObservationError: the answer is malformed.
        """
        kernel = self._kernel
        if self._missed or kernel is None:
            return True
        return self._answered(kernel, lambda seconds: kernel.missed())

    def renew(self) -> None:
        """End the kernel to go on in a fresh one; what it missed is not forgotten."""
        missed = True
        with suppress(ObservationError):
            missed = self.missed()
        self.close()
        self._missed = missed

    def close(self) -> None:
        """End the kernel, if there is one; nobody knows any more what it missed."""
        if self._kernel is not None:
            self._kernel.close()
            self._kernel, self._missed = None, True

    def run(self, source: str) -> Execution:
        """Run a cell.

        Raises:
            SubjectLostError: the kernel did not survive it.
        """
        kernel = self._running()
        done = kernel.run(source, self.seconds_left)
        if not kernel.alive:
            self.close()
            raise SubjectLostError(
                "timeout" if done.status == "timeout" else "crashed", done.message
            )
        return done

    def ask(self, message: bytes) -> bytes:
        """Send encoded requests and return the first encoded answers.

        Raises:
            SubjectLostError: the kernel is gone or did not answer.
            ObservationError: the answer is malformed.
        """
        kernel = self._running()
        return self._answered(kernel, partial(kernel.ask, message))

    def more(self) -> bytes:
        """Return further answers to what was asked; raises as `ask` does."""
        if self._kernel is None:
            raise SubjectLostError("crashed", self._limits.message("crashed"))
        return self._answered(self._kernel, self._kernel.more)

    def _answered(self, kernel: Kernel, answer: Callable[[float], Answer]) -> Answer:
        try:
            return answer(self.seconds_left)
        finally:
            if not kernel.alive:
                self.close()

    def _running(self) -> Kernel:
        if self._kernel is None:
            self._kernel = self._launch()
        return self._kernel
