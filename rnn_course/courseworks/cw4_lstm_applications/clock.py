"""A clock that stands in for all clocks of Python: no mark depends on how busy a machine is.

It shows the time that a stand-in lets pass, and no other. A function that measures something
finds it wherever it gets its time from: in the modules ``time``, ``timeit`` and ``datetime``,
under a name that the notebook has imported, as the default of an argument, or in a closure.

Threads that ran before see the real clocks: in a notebook's kernel one wakes up every second to
look for its parent, and its sleep must not move the time that an answer measures.
"""

import contextlib
import datetime
import inspect
import threading
import time
import timeit
from collections.abc import Callable, Iterator
from typing import Any

_RUNNING = ("perf_counter", "time", "monotonic")
_STANDING = ("process_time", "thread_time")  # they do not see that a program waits
_START = 1000.0


class Clock:
    """Shows the seconds in ``now``.

    Attributes:
        now: to be moved on by whoever lets time pass.
        reads: how often it was looked at.
    """

    def __init__(self) -> None:
        self.now, self.reads = _START, 0
        self._strangers: set[threading.Thread] = set()

    def _seconds(self) -> float:
        self.reads += 1
        return self.now

    def _still(self) -> float:
        self.reads += 1
        return _START

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def _stand_ins(self) -> dict[int, tuple[Any, Any]]:
        """Return by identity each clock and what takes its place."""
        pairs: list[tuple[Any, Any]] = [(time.sleep, self._sleep)]
        for names, show in ((_RUNNING, self._seconds), (_STANDING, self._still)):
            for name in names:
                pairs.append((getattr(time, name), show))
                pairs.append((getattr(time, f"{name}_ns"), _in_nanoseconds(show)))
        known = {id(clock): (clock, self._unless_stranger(clock, show)) for clock, show in pairs}
        dates = _dates(known[id(time.time)][1])
        return known | {id(datetime.datetime): (datetime.datetime, dates)}

    def _unless_stranger(self, clock: Callable, instead: Callable) -> Callable:
        """Return what shows the real clock to threads that do not belong to the answer."""

        def show(*args: Any) -> Any:
            stranger = threading.current_thread() in self._strangers
            return clock(*args) if stranger else instead(*args)

        return show

    @contextlib.contextmanager
    def instead_of_all(self, function: Callable) -> Iterator[None]:
        """Take the place of every clock that a function of a notebook can reach."""
        self._strangers = {*threading.enumerate()} - {threading.current_thread()}
        known = self._stand_ins()
        notebook = getattr(inspect.unwrap(function), "__globals__", {})
        places = [vars(time), vars(timeit), vars(datetime), notebook]
        functions: list[Any] = [timeit.Timer.__init__, timeit.timeit, timeit.repeat, function]
        functions += [value for value in notebook.values() if inspect.isfunction(value)]
        with contextlib.ExitStack() as undo:
            for place in places:
                _replace(place, known, undo)
            for each in functions:
                _replace_defaults(each, known, undo)
                _replace_kept(each, known, undo)
            yield


def _replace(
    place: dict[str, Any], known: dict[int, tuple[Any, Any]], undo: contextlib.ExitStack
) -> None:
    for name, value in list(place.items()):
        if id(value) in known:
            place[name] = known[id(value)][1]
            undo.callback(place.__setitem__, name, value)


def _replace_defaults(
    function: Any, known: dict[int, tuple[Any, Any]], undo: contextlib.ExitStack
) -> None:
    for slot in ("__defaults__", "__kwdefaults__"):
        before = getattr(function, slot, None)
        values = before.values() if isinstance(before, dict) else before or ()
        if not any(id(value) in known for value in values):
            continue
        after = [known[id(value)][1] if id(value) in known else value for value in values]
        new = dict(zip(before, after, strict=True)) if isinstance(before, dict) else tuple(after)
        setattr(function, slot, new)
        undo.callback(setattr, function, slot, before)


def _replace_kept(
    function: Any, known: dict[int, tuple[Any, Any]], undo: contextlib.ExitStack
) -> None:
    for cell in getattr(function, "__closure__", None) or ():
        with contextlib.suppress(ValueError):  # it is empty yet
            value = cell.cell_contents
            if id(value) in known:
                cell.cell_contents = known[id(value)][1]
                undo.callback(setattr, cell, "cell_contents", value)


def _in_nanoseconds(show: Callable[[], float]) -> Callable[[], int]:
    return lambda: round(1e9 * show())


def _dates(show: Callable[[], float]) -> type:
    class Date(datetime.datetime):
        """A date that reads the clock when it is asked for now."""

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromtimestamp(show(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(show())

    return Date
