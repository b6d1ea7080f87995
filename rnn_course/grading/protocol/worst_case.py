"""The most memory that one submission can take where nothing but counting bounds it.

Pure arithmetic: how many of a thing a submission may have, by what one of them costs the operating
system at most. What the supervisor counts, it counts by looking; all else is bounded by limits that
the operating system keeps, and stands here with its product.

References:
    sizes as Linux 6.18 shows them in /proc/slabinfo, rounded up; unix(7), pipe(7), epoll(7).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rnn_course.grading.protocol.limits import Limits

SCRATCH_FILES = 20_000
"""Files and folders that the scratch folder holds at most."""
QUEUED_SIGNALS = 1024
"""Signals and timers of a submission that may wait at one time."""

_OVERSHOOT = 64 * 1024  # one more message is taken by a buffer that is nearly full
_SOCKET, _FILE, _PROCESS, _MAPPING = 4096, 1024, 48 * 1024, 448
_SIGNAL, _WATCH = 512, 192
_PIPE_PAGES = 16


@dataclass(frozen=True)
class SystemSettings:
    """What a machine allows, for all of its processes.

    Attributes:
        socket_buffer: bytes that a socket keeps unread (``net.core.wmem_default``).
        mappings: parts of memory that a process has (``vm.max_map_count``).
        page: bytes of a page.
    """

    socket_buffer: int = 212_992
    mappings: int = 65_530
    page: int = 4096


@dataclass(frozen=True)
class Cost:
    """What one kind of thing takes at most.

    Attributes:
        what: its name.
        number: how many there are at most.
        each: bytes that one takes at most.
        bound: what keeps it there.
    """

    what: str
    number: int
    each: int
    bound: str

    @property
    def total(self) -> int:
        """Bytes that all of them take."""
        return self.number * self.each


def worst_case(limits: Limits, system: SystemSettings) -> tuple[Cost, ...]:
    """Return what each kind of thing takes of this machine's memory at most.

    The first is counted by the supervisor, ten times a second; the others are not, or need not be.
    """
    processes, files = limits.processes, limits.open_files
    # a descriptor is one thing at a time, and a socket whose buffer is full costs most
    descriptor = max(system.socket_buffer + _OVERSHOOT, _PIPE_PAGES * system.page) + _SOCKET
    return (
        Cost("pages, page tables, swap", 1, limits.memory_bytes, "counted"),
        Cost("scratch folder: content", 1, limits.disk_bytes, "size of its file system"),
        Cost("scratch folder: files", SCRATCH_FILES, _FILE, "nr_inodes of its file system"),
        Cost("sockets and pipes", processes * files, descriptor, "RLIMIT_NPROC × RLIMIT_NOFILE"),
        Cost("sockets on their way", files + 1, descriptor, "RLIMIT_NOFILE"),
        # a descriptor that watches, and one that is watched: most where half of them are each
        Cost("epoll watches", processes * (files // 2) ** 2, _WATCH, "RLIMIT_NOFILE"),
        Cost("mappings", processes * system.mappings, _MAPPING, "vm.max_map_count"),
        Cost("processes and threads", processes, _PROCESS, "RLIMIT_NPROC"),
        Cost("signals and timers", QUEUED_SIGNALS, _SIGNAL, "RLIMIT_SIGPENDING"),
    )


def megabytes(costs: Sequence[Cost]) -> int:
    """Return what they take together, in millions of bytes, rounded up."""
    return -(-sum(cost.total for cost in costs) // 1_000_000)
