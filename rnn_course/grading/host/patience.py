"""How long to wait for what was started: as long as it works, on however busy a machine."""

import os
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

LATER = (
    "Wait until this machine has less to do, or take fewer workers, and run this again: "
    "what was graded is kept."
)
IDLE_SECONDS = 120.0
"""Without any work done, what was started is taken to hang."""
WORK_SECONDS = 600.0
"""CPU time after which it is taken to go round in circles; a start takes about ten."""
_TICK = 0.005  # seconds: half of what the system counts CPU time by


def scaled(seconds: float) -> float:
    """Return a time-out that fits the machine: longer by as much as there is to do for a core."""
    load, _, _ = psutil.getloadavg()
    return seconds * max(1.0, load / (os.cpu_count() or 1))


def busy() -> str:
    """Say how much this machine has to do."""
    return f"the load is {psutil.getloadavg()[0]:.1f} on {os.cpu_count() or 1} cores"


def await_start(
    ready: Callable[[], bool],
    work_done: Callable[[], float],
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Wait until something is ready, for as long as it works.

    A fixed limit fails on a machine that is ten times as busy as usual, where a start takes ten
    times as long. CPU time tells the two apart: who waits for a processor gets some now and then,
    who hangs gets none.

    Args:
        ready: waits for a moment, and tells whether it is ready.
        work_done: CPU seconds that it has used so far.
        clock: seconds, from wherever.

    Returns:
        Why it is no use to wait on, "" when it is ready.
    """
    done, since = work_done(), clock()
    begun = done
    while not ready():
        now, work = clock(), work_done()
        if work > done + _TICK:
            done, since = work, now
        if now - since > IDLE_SECONDS:
            return f"a time-out: it has done nothing for {IDLE_SECONDS:.0f} seconds, and {busy()}"
        if done - begun > WORK_SECONDS:
            return f"a time-out: it is not ready after {WORK_SECONDS:.0f} seconds of CPU time"
    return ""


def cpu_seconds(process: int) -> float:
    """Return the CPU time of a process and all that it has started, 0 where there is none."""
    total = 0.0
    with suppress(psutil.Error):
        parent = psutil.Process(process)
        for one in (parent, *parent.children(recursive=True)):
            with suppress(psutil.Error):
                times = one.cpu_times()
                total += times.user + times.system
    return total
