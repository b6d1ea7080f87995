"""The state of a kernel's process that a cell may change for all others, put back."""

import os
import signal

import torch

from rnn_course.checks.settings import usable_device

_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)


class ProcessState:
    """Remembers how a process was when it was made."""

    def __init__(self) -> None:
        self._folder, self._environment = os.getcwd(), {**os.environ}
        self._threads = torch.get_num_threads()

    def after_cell(self) -> None:
        """Put back what makes every cell after it fail, and changes no result.

        More threads than a submission may have end the process at the next matrix product; a
        device that this machine lacks ends every tensor.
        """
        if torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)
        usable_device()

    def before_question(self) -> None:
        """Put back what an answer cannot rely on: the folder, the environment, alarms."""
        os.chdir(self._folder)
        if dict(os.environ) != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
        for timer in _TIMERS:
            signal.setitimer(timer, 0)
