"""What bounds a submission's memory on this machine, in words."""

from contextlib import suppress
from pathlib import Path

from rnn_course.grading.host.cgroups import group_limits
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.worst_case import SystemSettings, megabytes, worst_case

_SETTINGS = {"socket_buffer": "net/core/wmem_default", "mappings": "vm/max_map_count"}


def system_settings(folder: Path = Path("/proc/sys")) -> SystemSettings:
    """Read what this machine allows; what it does not tell is taken to be as usual."""
    found = {}
    for name, path in _SETTINGS.items():
        with suppress(OSError, ValueError):
            found[name] = int((folder / path).read_text())
    return SystemSettings(**found)


def describe(limits: Limits, parent: Path | None) -> str:
    """Return how memory is bounded and what a submission can take at most, for `doctor`.

    Args:
        limits: of a submission.
        parent: see `cgroups.parent_group`.
    """
    if parent is not None:
        kept = group_limits(limits)
        return (
            f"cgroup v2 below {parent}: at most {-(-kept['memory.max'] // 10**6)} MB and "
            f"{kept['pids.max']} processes for a submission, kept by the operating system"
        )
    costs = worst_case(limits, system_settings())
    return (
        f"counted, worst case {megabytes(costs)} MB for a submission "
        f"({megabytes(costs[:1])} MB are looked at ten times a second, "
        f"{megabytes(costs[1:])} MB are bounded by limits); docs/wall.md says how to get a "
        "bound that the operating system keeps"
    )
