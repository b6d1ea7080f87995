"""Gives up rights, one after the other, in the processes behind the wall.

Everything here is called inside bubblewrap, in this order: by `fork_server`, `become_nobody` once
and `fork_into_namespaces` for each submission; by `supervisor`, the first process of those
namespaces, `become_student`, `mount_private_folders` and `hide`; by the process that is to run the
student's code, `drop_privileges`. No step can be undone.

References:
    user_namespaces(7), pid_namespaces(7), landlock(7), capabilities(7).
"""

import ctypes
import os
import resource
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.sandbox_layout import NOBODY, SCRATCH, STUDENT
from rnn_course.grading.protocol.worst_case import QUEUED_SIGNALS, SCRATCH_FILES
from rnn_course.grading.sandbox.syscalls import SyscallFilter

_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 24, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_MS_RDONLY = 1
_CLONE_NEWNS, _CLONE_NEWCGROUP, _CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
_CLONE_NEWIPC, _CLONE_NEWUSER = 0x08000000, 0x10000000
_CLONE_NEWPID, _CLONE_NEWNET = 0x20000000, 0x40000000
_NAMESPACES = _CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWPID | _CLONE_NEWNET
_NAMESPACES |= _CLONE_NEWIPC | _CLONE_NEWUTS | _CLONE_NEWCGROUP
_CAPABILITY_VERSION_3 = 0x20080522
_CLONE3, _LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 435, 444, 446
_SCOPES_SINCE = 6  # Landlock ABI that knows abstract sockets and signals

_libc = ctypes.CDLL(None, use_errno=True)
_python = ctypes.PyDLL(None, use_errno=True)  # the same, without a pause of the interpreter


def offer_for_out_of_memory(score: int) -> None:
    """Be ended before others, with all children, when this machine runs out of memory.

    Args:
        score: up to 1000, the first in line. What is there already is not lowered: that takes
            rights which nobody here has.
    """
    file = Path("/proc/self/oom_score_adj")
    file.write_text(str(max(score, int(file.read_text()))))


def become_nobody() -> None:
    """Turn from root, as bubblewrap started us, into a user who owns nothing on this machine.

    Root without privileges still owns root's files, those of ``/proc/sys`` among them, and is
    not counted by the limit on processes.
    """
    mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    drop_capabilities()
    _call("prctl", _PR_SET_DUMPABLE, 1, 0, 0, 0)  # else root owns our /proc/self/uid_map


def fork_into_namespaces() -> int:
    """Fork; the child is the first process of a PID world, and of other namespaces, of its own.

    It is nobody there before `become_student`.

    `os.fork` cannot do that: a world's first process would be the child of a further fork, which
    for a process that has imported everything costs as much as the first. glibc does not learn
    here that a thread's number has changed, which nothing in a process of one thread asks for.

    Raises:
        OSError: the system refuses namespaces.
    """
    # struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, its size, tls
    arguments = (ctypes.c_uint64 * 8)(_NAMESPACES, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = _python.syscall(_CLONE3, arguments, ctypes.sizeof(arguments))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    code = ctypes.get_errno()
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(code, f"clone3: {os.strerror(code)}")
    return pid


def become_student(uid: int, gid: int) -> None:
    """Take on a user of these namespaces, who outside is the user that we were."""
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{STUDENT} {uid} 1"),
        ("gid_map", f"{STUDENT} {gid} 1"),
    ):
        Path("/proc/self", file).write_text(text)


def mount_private_folders(limits: Limits, readable: Sequence[str] = ()) -> None:
    """Mount a scratch folder of bounded size, and a ``/proc`` that shows this PID world only.

    Args:
        limits: says how large it may be.
        readable: what is to stay visible; ``/tmp`` becomes part of the scratch folder unless
            something of this is in it.
    """
    mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    options = f"size={limits.disk_bytes},nr_inodes={SCRATCH_FILES},mode=700"
    mount("tmpfs", SCRATCH, "tmpfs", _MS_NOSUID | _MS_NODEV, options)
    for name in ("submission", "home", "tmp", ".shm"):
        Path(SCRATCH, name).mkdir()
    if not any(path.startswith("/tmp/") for path in readable):
        mount(f"{SCRATCH}/tmp", "/tmp", "", _MS_BIND)
    if Path("/dev/shm").is_dir():
        mount(f"{SCRATCH}/.shm", "/dev/shm", "", _MS_BIND)
    hide("/dev/pts")  # terminals are counted for the whole machine, and nothing here needs one


def bound_waiting_connections() -> bool:
    """Let a socket that listens hold one connection that was not accepted; tell whether we could.

    Its sender may be gone by then and its buffer full, so that a few descriptors would hold
    thousands of buffers, which nobody counts. 0 allows one. Belongs to our network namespace.
    """
    try:
        Path("/proc/sys/net/core/somaxconn").write_text("0")
    except OSError:  # an older kernel shows no such setting to namespaces of ordinary users
        return False
    return True


def hide(folder: str) -> None:
    """Cover a folder by an empty one that cannot be written."""
    mount("tmpfs", folder, "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, "size=4k,mode=555")


def drop_capabilities() -> None:
    """Give up every capability, for this process and whatever it starts."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        # a process without CAP_SETPCAP has none to drop, and the calls below see to the rest
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def drop_privileges(
    limits: Limits, readable: Sequence[str], devices: Sequence[str], rules: Sequence[SyscallFilter]
) -> None:
    """Leave this process with its scratch folder, read-only libraries and little else.

    Args:
        limits: what it may use.
        readable: folders that it may read and execute from.
        devices: device files that it may use.
        rules: filters of the system calls that it may use; the last one forbids to load more.
    """
    drop_capabilities()
    _landlock(readable, devices)
    set_resource_limits(limits)
    for each in rules:
        each.load()


def set_resource_limits(limits: Limits) -> None:
    """Set the limits that the operating system keeps for each process."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    seconds = int(limits.submission_seconds) + 60
    for name, value in {
        "AS": used + limits.memory_bytes,
        "NPROC": limits.processes,
        "NOFILE": limits.open_files,
        "FSIZE": limits.disk_bytes,
        "CPU": seconds,
        "CORE": 0,
        "MEMLOCK": 2**20,
        "MSGQUEUE": 0,
        "SIGPENDING": QUEUED_SIGNALS,
    }.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Call mount(2)."""
    texts = (source.encode(), target.encode(), kind.encode())
    _call("mount", *texts, ctypes.c_ulong(flags), options.encode())


def _landlock(readable: Sequence[str], devices: Sequence[str]) -> None:
    from landlock import FSAccess, Ruleset, landlock_abi_version

    ctypes.set_errno(0)  # the wheel takes any errno left over for a failure
    rules = Ruleset()
    look = FSAccess.EXECUTE | FSAccess.READ_FILE | FSAccess.READ_DIR
    rules.allow(*filter(os.path.isdir, readable), rules=look)
    rules.allow(*filter(os.path.isfile, readable), rules=look & ~FSAccess.READ_DIR)
    use = FSAccess.READ_FILE | FSAccess.WRITE_FILE
    if landlock_abi_version() >= 5:
        use |= FSAccess.IOCTL_DEV
    rules.allow(*filter(os.path.exists, devices), rules=use)
    own = [SCRATCH, "/dev/shm"]
    if os.path.samefile("/tmp", f"{SCRATCH}/tmp"):
        own.append("/tmp")
    rules.allow(*own, rules=FSAccess.all() & ~(FSAccess.MAKE_CHAR | FSAccess.MAKE_BLOCK))
    rules.apply()
    if landlock_abi_version() >= _SCOPES_SINCE:
        _landlock_scopes()


def _landlock_scopes() -> None:
    """Forbid TCP, and abstract sockets and signals that leave this process's own tree."""
    attributes = (ctypes.c_uint64 * 3)(0, 0b11, 0b11)  # files: another ruleset; network; scopes
    fd = _call("syscall", _LANDLOCK_CREATE, attributes, ctypes.sizeof(attributes), 0)
    _call("syscall", _LANDLOCK_RESTRICT, fd, 0)
    os.close(fd)


def _call(name: str, *arguments: Any) -> int:
    result = getattr(_libc, name)(*arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result
