"""How far a class is, and how long it still takes: a bar in a terminal, lines in a log."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

_LINES = 10
"""How many lines tell of a class in a log, besides those of its beginning."""
_EARLY = (1, 10, 100)
"""Finished submissions after which it is told how long a large class takes."""

Clock = Callable[[], float]


class ClassProgress(AbstractContextManager, Protocol):
    """Shows how far a class is, while it lasts."""

    def start(self, number: int) -> None:
        """Say how many submissions there are."""

    def advance(self) -> None:
        """Count one more as finished."""


def class_progress(console: Console, clock: Clock = time.monotonic) -> ClassProgress:
    """Return what suits a console: something that is redrawn, or lines."""
    return _Bar(console, clock) if console.is_terminal else _Lines(console, clock)


class TimeLeft:
    """Estimates how long a class still takes, from the first finished submission on.

    What is before that one is mostly the start of workers, which comes once. So all that it tells
    is how long the class takes at most; from the second one on, only what came after it counts.

    Args:
        clock: seconds, from wherever.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.total = self.done = 0
        self._began = self._first = self._last = 0.0

    def start(self, total: int) -> None:
        """Begin to count so many submissions."""
        self.total, self._began = total, self._clock()

    def advance(self) -> None:
        """Count one more as finished."""
        self.done += 1
        self._last = self._clock()
        if self.done == 1:
            self._first = self._last

    def __str__(self) -> str:
        """Say how long it still takes, "" where nobody knows."""
        if not self.done or self.done >= self.total:
            return ""
        kind, each = "at most", self._last - self._began
        if self.done > 1:
            kind, each = "about", (self._last - self._first) / (self.done - 1)
        gone = self._clock() - self._last
        left = max(0.0, each * (self.total - self.done) - gone)
        return f"{kind} {timedelta(seconds=round(left))} left"


class _Left(ProgressColumn):
    """Shows the time that is left."""

    def __init__(self, left: TimeLeft) -> None:
        self._left = left
        super().__init__()

    def render(self, task: Task) -> Text:
        """Return what is shown at the end of the bar."""
        return Text(str(self._left))


class _Bar:
    """A bar with the time that is left."""

    def __init__(self, console: Console, clock: Clock) -> None:
        self._left = TimeLeft(clock)
        columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), _Left(self._left))
        self._progress = Progress(*columns, console=console)
        self._task = self._progress.add_task("Grading", total=None)

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def start(self, number: int) -> None:
        """Say how many submissions there are; none need no bar."""
        self._left.start(number)
        self._progress.update(self._task, total=number)
        if number:
            self._progress.start()

    def advance(self) -> None:
        """Count one more as finished."""
        self._left.advance()
        self._progress.advance(self._task)


class _Lines:
    """A line at every tenth of the class, and some before, with the time that is left.

    Args:
        console: where to print.
        clock: seconds, from wherever.
    """

    def __init__(self, console: Console, clock: Clock) -> None:
        self._console, self._left = console, TimeLeft(clock)

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
        self._left.start(number)
        if number:
            self._print(f"Submissions to grade: {number}")

    def advance(self) -> None:
        """Count one more as finished."""
        self._left.advance()
        done, total = self._left.done, self._left.total
        steps = [n * _LINES // total for n in (done - 1, done)]
        if done < total and (steps[0] != steps[1] or done in _EARLY):
            self._print(f"Grading: {done} of {total} done, {self._left}")

    def _print(self, text: str) -> None:
        self._console.print(text, highlight=False)
