"""How far a class is: a bar in a terminal, a line now and then in a log."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_LINES = 10
"""How many lines tell of a class in a log."""


class ClassProgress(AbstractContextManager, Protocol):
    """Shows how far a class is, while it lasts."""

    def start(self, number: int) -> None:
        """Say how many submissions there are."""

    def advance(self) -> None:
        """Count one more as finished."""


def class_progress(console: Console) -> ClassProgress:
    """Return what suits a console: something that is redrawn, or lines."""
    return _Bar(console) if console.is_terminal else _Lines(console, time.monotonic)


class _Bar:
    """A bar with the time that is left."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console)
        self._task = self._progress.add_task("Grading", total=None)

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def start(self, number: int) -> None:
        """Say how many submissions there are; none need no bar."""
        self._progress.update(self._task, total=number)
        if number:
            self._progress.start()

    def advance(self) -> None:
        """Count one more as finished."""
        self._progress.advance(self._task)


class _Lines:
    """A line at every tenth of the class, with the time that is left.

    Args:
        console: where to print.
        clock: seconds, from wherever.
    """

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console, self._clock = console, clock
        self._total = self._done = 0
        self._began = 0.0

    def __enter__(self) -> "_Lines":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is kept."""

    def start(self, number: int) -> None:
        """Say how many submissions there are."""
        self._total = number
        if number:
            self._print(f"Submissions to grade: {number}")

    def advance(self) -> None:
        """Count one more as finished."""
        self._done += 1
        if self._done == 1:  # what was before is the start of workers, which comes once
            self._began = self._clock()
            return
        steps = [done * _LINES // self._total for done in (self._done - 1, self._done)]
        if steps[0] != steps[1] and self._done < self._total:
            each = (self._clock() - self._began) / (self._done - 1)
            left = timedelta(seconds=round(each * (self._total - self._done)))
            self._print(f"Grading: {self._done} of {self._total} done, about {left} left")

    def _print(self, text: str) -> None:
        self._console.print(text, highlight=False)
