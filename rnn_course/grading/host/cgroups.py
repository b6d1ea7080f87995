"""Bounds memory and processes of a submission by a cgroup v2, where this machine lets us make one.

A submission gets a group of its own; its supervisor is put in before it does anything, so that all
it ever starts is counted by the operating system: pages, page tables, buffers of sockets and pipes,
whatever else the kernel holds for it. Beyond the limit the whole group is killed, and nothing else.

Where that is: below our own group, if that is delegated to us (``systemd-run --user --scope -p
Delegate=yes``, a container with a writable tree), or below the root of the tree, if we are root.
Whether it works is decided once, by making a group and writing what will be written later.

References:
    cgroups(7), and "Control Group v2" in Linux' Documentation/admin-guide.
"""

import errno
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rnn_course.grading.protocol.limits import MIB, Limits

_NAME, _JUDGES = "rnn-course-", "rnn-course-judge"
_CONTROLLERS = {"memory", "pids"}
_ROUNDS = 20  # a process may be forked while its parent is moved
_END_SECONDS = 20.0  # a full group that was killed has much to give back
_OWN_PAGES = 64 * MIB  # of supervisor and kernel, before student code runs
_OWN_PROCESSES = 4


class Files:
    """The files that groups are made of; tests have a tree of their own."""

    def make(self, group: Path) -> None:
        """Make a group."""
        group.mkdir()

    def remove(self, group: Path) -> None:
        """Remove a group, which must be empty."""
        group.rmdir()

    def read(self, file: Path) -> str:
        """Return what a file says."""
        return file.read_text()

    def write(self, file: Path, text: str) -> None:
        """Write to a file, which is never made: the system has made it, or there is none."""
        descriptor = os.open(file, os.O_WRONLY)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)

    def delegated(self, group: Path) -> bool:
        """Whether a group is ours to arrange."""
        if os.geteuid() != 0:
            return os.access(group / "cgroup.procs", os.W_OK)
        with suppress(OSError):
            return os.getxattr(group, "user.delegate") == b"1"
        return False


@dataclass(frozen=True)
class Cgroup:
    """One submission's group.

    Attributes:
        path: its folder.
    """

    path: Path
    files: Files = field(default_factory=Files)

    @classmethod
    def make(cls, parent: Path, limits: Limits, files: Files | None = None) -> "Cgroup":
        """Make a group with the limits of a submission.

        Raises:
            OSError: the system refuses.
        """
        files = files or Files()
        group = cls(parent / f"{_NAME}{os.getpid()}-{secrets.token_hex(4)}", files)
        files.make(group.path)
        try:
            for name, value in group_limits(limits).items():
                files.write(group.path / name, str(value))
            with suppress(OSError):  # a kernel without swap has no such file
                files.write(group.path / "memory.swap.max", "0")
        except OSError:
            group.remove()
            raise
        return group

    def add(self, process: int) -> None:
        """Put a process in, and so all that it will start.

        Raises:
            OSError: the system refuses.
        """
        self.files.write(self.path / "cgroup.procs", str(process))

    @property
    def out_of_memory(self) -> bool:
        """Whether the system has killed it for its memory."""
        with suppress(OSError, ValueError):
            lines = self.files.read(self.path / "memory.events").splitlines()
            return any(int(n) > 0 for name, n in map(str.split, lines) if name == "oom_kill")
        return False

    def remove(self) -> None:
        """End what is left in it, and remove it; one that cannot be removed does no harm."""
        with suppress(OSError):
            self.files.write(self.path / "cgroup.kill", "1")
        deadline = time.monotonic() + _END_SECONDS
        while True:
            try:
                return self.files.remove(self.path)
            except OSError as error:  # busy until the last process is really gone
                if error.errno != errno.EBUSY or time.monotonic() > deadline:
                    return None
            time.sleep(0.01)


def group_limits(limits: Limits) -> dict[str, int]:
    """Return what is written to a group's files.

    A little more than what is counted and than the limit on processes, so that a student is told
    of those as ever; the scratch folder is memory too.
    """
    return {
        "memory.max": limits.memory_bytes + limits.disk_bytes + _OWN_PAGES,
        "memory.oom.group": 1,
        "pids.max": limits.processes + _OWN_PROCESSES,
    }


@cache
def parent_group() -> Path | None:
    """Return the group below which submissions get theirs, None where we may make none."""
    place = own_place()
    return None if place is None else find_parent(*place)


def own_place(process: Path = Path("/proc/self")) -> tuple[Path, str] | None:
    """Return where the tree of cgroup v2 is mounted, and our own group in it."""
    with suppress(OSError):
        own = [line[3:] for line in _lines(process / "cgroup") if line.startswith("0::")]
        mounts = (line.split() for line in _lines(process / "mountinfo"))
        # … mount point … - type source options; the root that is shown is that of our namespace
        found = [Path(words[4]) for words in mounts if words[words.index("-") + 1] == "cgroup2"]
        if own and found:
            return found[0], own[0]
    return None


def find_parent(mount: Path, own: str, files: Files | None = None) -> Path | None:
    """Return the first group below which a submission's group works, None if there is none.

    Args:
        mount: where the tree is mounted.
        own: our group, from there.
        files: what to reach it by.
    """
    files = files or Files()
    for group in _candidates(mount, own):
        with suppress(OSError):
            _enable(files, group, may_arrange=files.delegated(group) or _contained(mount, own))
            _try(files, group)
            return group
    return None


def _candidates(mount: Path, own: str) -> Iterator[Path]:
    group = mount / own.lstrip("/")
    yield group.parent if group.name == _JUDGES else group
    yield mount


def _contained(mount: Path, own: str) -> bool:
    """Whether what we see of the tree is a container's, and so ours: a root alone has no type."""
    return own in ("/", f"/{_JUDGES}") and (mount / "cgroup.type").exists()


def _enable(files: Files, group: Path, *, may_arrange: bool) -> None:
    """Let groups below a group have limits.

    A group with processes of its own cannot: if we may, they go to a group beside the others.

    Raises:
        OSError: it is not possible.
    """
    missing = _CONTROLLERS - set(files.read(group / "cgroup.controllers").split())
    if missing:
        raise OSError(errno.ENOENT, f"no controllers {sorted(missing)}")
    if set(files.read(group / "cgroup.subtree_control").split()) >= _CONTROLLERS:
        return
    wanted = " ".join(f"+{name}" for name in sorted(_CONTROLLERS))
    try:
        files.write(group / "cgroup.subtree_control", wanted)
    except OSError as error:
        if error.errno != errno.EBUSY or not may_arrange:
            raise
        _move_all(files, group, group / _JUDGES)
        files.write(group / "cgroup.subtree_control", wanted)


def _move_all(files: Files, group: Path, below: Path) -> None:
    with suppress(FileExistsError):
        files.make(below)
    for _ in range(_ROUNDS):
        processes = files.read(group / "cgroup.procs").split()
        if not processes:
            return
        for process in processes:
            with suppress(ProcessLookupError):  # has ended
                files.write(below / "cgroup.procs", process)


def _try(files: Files, parent: Path) -> None:
    """Do once what will be done for each submission.

    Raises:
        OSError: it is not possible.
    """
    group = Cgroup.make(parent, Limits(), files)
    try:
        # waits for the end of its input, which is when we leave it
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
            group.add(process.pid)
    finally:
        group.remove()


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines()
