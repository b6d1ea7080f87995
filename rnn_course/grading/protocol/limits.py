"""How much one submission may use, and what its author is told when it used more."""

import dataclasses
from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What a submission may use while it is graded.

    Attributes:
        cell_seconds: wall time of one cell, or of one question that the judge asks.
        submission_seconds: wall time of a whole submission.
        grace_seconds: what a cell has after an interrupt, before its process is killed.
        memory_bytes: memory of all its processes together, over what Python and torch need.
        processes: processes and threads that exist at one time.
        open_files: files, pipes and sockets that one process holds open.
        disk_bytes: what it may keep in its scratch folder.
        output_bytes: what one cell may print and display.
        observation_bytes: one answer to the judge.
    """

    cell_seconds: float = 60.0
    submission_seconds: float = 600.0
    grace_seconds: float = 2.0
    memory_bytes: int = 3072 * MIB
    processes: int = 64
    open_files: int = 128
    disk_bytes: int = 256 * MIB
    output_bytes: int = 8 * MIB
    observation_bytes: int = 64 * MIB

    def message(self, kind: str) -> str:
        """Tell a student which limit was reached and what usually helps.

        Args:
            kind: one of `KINDS`.
        """
        return _MESSAGES[kind].format(**{**dataclasses.asdict(self), **_in_mib(self)})


def recognise_limit(error_type: str, text: str) -> str | None:
    """Return which limit an exception of the student's code came from, None if from none."""
    if error_type == "MemoryError":
        return "memory"
    return next((kind for mark, kind in _MARKS if mark in text), None)


def _in_mib(limits: Limits) -> dict[str, int]:
    values = dataclasses.asdict(limits)
    return {
        name.removesuffix("_bytes"): size // MIB
        for name, size in values.items()
        if name.endswith("_bytes")
    }


_MARKS = (
    ("can't allocate memory", "memory"),
    ("Cannot allocate memory", "memory"),
    ("can't start new thread", "processes"),
    ("Resource temporarily unavailable", "processes"),
    ("Too many open files", "files"),
    ("No space left on device", "disk"),
    ("File too large", "disk"),
)

_MESSAGES = {
    "cell": (
        "This cell was stopped after {cell_seconds:g} seconds. "
        "Look for a loop that does not end, or try it on smaller inputs."
    ),
    "submission": (
        "The whole notebook was stopped after {submission_seconds:g} seconds. "
        "Long training belongs in the cells that are marked as not needed for grading."
    ),
    "memory": (
        "The code needed more than {memory} MiB of memory. "
        "Look for a list or a tensor that grows with every step."
    ),
    "processes": (
        "The code started more than {processes} processes or threads. "
        "Work in one process, for example with `num_workers=0`."
    ),
    "files": (
        "The code held more than {open_files} files open. "
        "Close each file, best with `with open(…)`."
    ),
    "disk": (
        "The code wrote more than {disk} MiB. Write less, and delete what is no longer needed."
    ),
    "output": (
        "This cell printed or displayed more than {output} MiB and was stopped. "
        "Print a summary, not every value."
    ),
    "observation": (
        "An answer of this code was larger than {observation} MiB. "
        "Return only what the question asks for."
    ),
    "crashed": (
        "The Python process ended while this cell ran (a crash, `exit()` or a signal). "
        "Restart the kernel, run all cells in order and see which one ends it."
    ),
    "tampered": (
        "The messages of this kernel were malformed. "
        "Do not write to the kernel's own streams and sockets."
    ),
}

KINDS = tuple(_MESSAGES)
