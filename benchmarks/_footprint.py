"""What a command and everything it starts use of a machine, seen from outside."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

_LOOK_EVERY = 0.02
_WEIGH_EVERY = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Footprint:
    """What a command used.

    Attributes:
        marks: wall and CPU seconds since the start, when each line was printed.
        seconds: wall time of all of it.
        cpu: CPU seconds of all its processes; of each the last look counts, so that this is a
            little less than what was used.
        memory: the most that all of them held at one time, in bytes; a page that several
            processes share counts once.
    """

    marks: list[tuple[float, float]] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0


def measure(command: Sequence[str], folder: Path, *, watched: bool = True) -> Footprint:
    """Run a command that prints a line for each thing it has done.

    Args:
        command: what to run.
        folder: where.
        watched: look at CPU and memory as well as at the clock. That takes some of a core.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    begin, found, spent, over = time.monotonic(), Footprint(), {}, Event()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    watcher = Thread(target=_watch, args=(process.pid, spent, found, over))
    if watched:
        watcher.start()
    for _ in process.stdout:
        found.marks.append((time.monotonic() - begin, sum(spent.values())))
    process.wait()
    over.set()
    if watched:
        watcher.join()
    found.seconds, found.cpu = time.monotonic() - begin, sum(spent.values())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return found


def _watch(root: int, spent: dict[tuple[int, str], float], found: Footprint, over: Event) -> None:
    weighed = 0.0
    while not over.wait(_LOOK_EVERY):
        family = list(_family(root))
        for pid in family:
            with suppress(OSError, IndexError):
                parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                spent[pid, parts[19]] = (int(parts[11]) + int(parts[12])) / _TICKS
        if time.monotonic() - weighed > _WEIGH_EVERY:
            found.memory = max(found.memory, sum(map(_proportional, family)))
            weighed = time.monotonic()


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all its descendants."""
    yield pid
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split():
                yield from _family(int(child))


def _proportional(pid: int) -> int:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return 0
