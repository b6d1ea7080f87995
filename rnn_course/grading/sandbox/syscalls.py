"""The system calls that student code may use; every other one fails with ``EPERM``.

A list of what is allowed, not of what is forbidden: what the kernel learns next year is shut
out from the start. Absent on purpose are namespaces and mounts, ptrace and reading other
processes' memory, keys, io_uring, userfaultfd, bpf, perf, modules, clocks, SysV and POSIX queues,
watches on files, locks by ``flock`` (see `file_locks`), and memory files.

Some calls are allowed for some of their arguments only. What is left out there is memory that no
limit counts (shared mappings without a file, larger buffers, datagrams that wait without their
sender) and changes to a process that is not the caller's own, the supervisor above all.

References:
    seccomp(2), and libseccomp through ``pyseccomp``.
"""

import errno
from typing import Any, Protocol

_FILES = """
    access chdir chmod ioctl close close_range copy_file_range creat dup dup2 dup3
    faccessat faccessat2
    fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fdatasync fgetxattr
    flistxattr fstat fstatfs fsync ftruncate futimesat getcwd getdents getdents64 getxattr
    lgetxattr link linkat listxattr
    llistxattr lseek lstat mkdir mkdirat mknod mknodat newfstatat open openat openat2 pread64
    preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv rename
    renameat renameat2 rmdir sendfile splice stat statfs statx symlink symlinkat sync_file_range
    syncfs tee truncate umask unlink unlinkat utime utimensat utimes write writev chown fchownat
    lchown
"""
_MEMORY = """
    brk get_mempolicy madvise membarrier mincore mlock mlock2 mprotect mremap msync munlock
    munmap pkey_alloc pkey_free pkey_mprotect set_mempolicy mbind
"""
_PROCESSES = """
    alarm arch_prctl capget execve execveat exit exit_group fork futex futex_requeue futex_wait
    futex_waitv futex_wake get_robust_list get_thread_area getcpu getegid geteuid getgid
    getgroups getitimer getpgid getpgrp getpid getppid getpriority getresgid getresuid getrlimit
    getrusage getsid gettid getuid kill nanosleep pause prctl restart_syscall rseq
    rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
    rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
    sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval
    sched_yield
    set_robust_list set_tid_address setitimer setpgid setrlimit setsid sigaltstack
    signalfd signalfd4 sysinfo tgkill times tkill uname vfork wait4 waitid
"""
_TIME = """
    clock_getres clock_gettime clock_nanosleep getrandom gettimeofday time timer_create
    timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime
    timerfd_settime
"""
_WAITING = """
    accept accept4 bind connect epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait
    epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 getpeername getsockname getsockopt
    listen pipe pipe2 poll ppoll pselect6 recvfrom recvmmsg recvmsg select sendmmsg sendmsg sendto
    shutdown
"""

ALLOWED = tuple(f"{_FILES} {_MEMORY} {_PROCESSES} {_TIME} {_WAITING}".split())

# glibc and Python fall back to older calls when these say that they do not exist
ABSENT = (
    "clone3",
    "flock",
    "memfd_create",
    "io_uring_setup",
    "pidfd_open",
    "set_mempolicy_home_node",
)

Condition = tuple[int, int, int]
"""Number of an argument, and what the bits of it under a mask have to be: argument, mask, value."""

# The kernel reads 32 bits of most arguments; the upper ones could be anything
_ALL = 0xFFFFFFFF
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE = 1, 1, 0xF
_CLONE_NAMESPACES = 0x7E020000 | 0x00000080  # all CLONE_NEW* flags, time namespace included
_CLONE_PARENT = 0x00008000
_MAP_TYPE, _MAP_PRIVATE, _MAP_ANONYMOUS, _MAP_HUGETLB = 0xF, 0x02, 0x20, 0x40000
_SOL_SOCKET, _SCHED_OTHER = 1, 0

_OPTIONS = {
    "SO_REUSEADDR": 2, "SO_BROADCAST": 6, "SO_KEEPALIVE": 9, "SO_LINGER": 13, "SO_REUSEPORT": 15,
    "SO_PASSCRED": 16, "SO_RCVLOWAT": 18, "SO_RCVTIMEO": 20, "SO_SNDTIMEO": 21,
}  # fmt: skip
_COMMANDS = {
    "F_DUPFD": 0, "F_GETFD": 1, "F_SETFD": 2, "F_GETFL": 3, "F_SETFL": 4,
    "F_GETLK": 5, "F_SETLK": 6, "F_SETLKW": 7,
    "F_DUPFD_QUERY": 1027, "F_DUPFD_CLOEXEC": 1030, "F_GETPIPE_SZ": 1032,
}  # fmt: skip

_STREAM: tuple[Condition, ...] = ((0, _ALL, _AF_UNIX), (1, _SOCK_TYPE, _SOCK_STREAM))
_OWN: tuple[Condition, ...] = ((0, _ALL, 0),)

PARTLY: tuple[tuple[str, tuple[Condition, ...]], ...] = (
    # no namespaces, and no child of the supervisor's
    ("clone", ((0, _CLONE_NAMESPACES | _CLONE_PARENT, 0),)),
    # of a file, whose size is bounded, or private, which is counted
    ("mmap", ((3, _MAP_ANONYMOUS, 0),)),
    ("mmap", ((3, _MAP_TYPE | _MAP_HUGETLB, _MAP_PRIVATE),)),
    # streams, whose buffers are bounded by the number of those who hold them
    ("socket", _STREAM),
    ("socketpair", _STREAM),
    *(("setsockopt", ((1, _ALL, _SOL_SOCKET), (2, _ALL, n))) for n in _OPTIONS.values()),
    # no leases, no signals to whom a file is said to belong, no larger pipes, and of locks those
    # that belong to a process: the others could not be told from other submissions'
    *(("fcntl", ((1, _ALL, n),)) for n in _COMMANDS.values()),
    # of the caller, not of a process by its number
    *((name, _OWN) for name in ("prlimit64", "sched_setaffinity", "sched_setattr")),
    *((name, _OWN) for name in ("sched_setparam", "sched_setscheduler")),
    # zmq asks it for its threads, by number, to remain what they are
    ("sched_setscheduler", ((1, _ALL, _SCHED_OTHER),)),
    ("setpriority", ((0, _ALL, 0), (1, _ALL, 0))),
)
"""Calls that are allowed under conditions, and each way in which one is: all of its conditions."""


class SyscallFilter(Protocol):
    """What we use of `pyseccomp.SyscallFilter`."""

    def load(self) -> None:
        """Confine the calling process for good."""


def build_filter() -> SyscallFilter:
    """Return a filter of system calls, to be loaded by a process that is to be confined."""
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for name in ALLOWED:
        _add(seccomp, rules, seccomp.ALLOW, name)
    for name in ABSENT:
        _add(seccomp, rules, seccomp.ERRNO(errno.ENOSYS), name)
    for name, conditions in PARTLY:
        compared = (seccomp.Arg(n, seccomp.MASKED_EQ, mask, is_) for n, mask, is_ in conditions)
        _add(seccomp, rules, seccomp.ALLOW, name, *compared)
    return rules


def build_filter_of_listening() -> SyscallFilter:
    """Return a filter that forbids to wait for connections, and nothing else."""
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    _add(seccomp, rules, seccomp.ERRNO(errno.EPERM), "listen")
    return rules


def _add(seccomp: Any, rules: Any, action: int, name: str, *conditions: Any) -> None:
    try:
        rules.add_rule(action, name, *conditions)
    except (OSError, ValueError):
        # An older libseccomp does not know a newer call's name: it stays forbidden
        if name in ("clone", "socket", "execve", "mmap", "listen"):
            raise
