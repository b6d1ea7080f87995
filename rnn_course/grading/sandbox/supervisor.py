"""The first process of a submission's own world: prepares it, watches over it, ends it."""

import json
import os
import select
import signal
import socket
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from torch.multiprocessing import set_sharing_strategy

from rnn_course.checks.overheard import Overheard
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.sandbox_layout import COMPILED, HOME, SOCKETS, SUBMISSION
from rnn_course.grading.protocol.scratch_folder import mirror, write_files
from rnn_course.grading.protocol.supervisor_channel import INTERRUPT, JUPYTER_CHANNELS, KILL
from rnn_course.grading.sandbox import confinement, removal
from rnn_course.grading.sandbox.file_locks import LockKeeper, ask_for_locks
from rnn_course.grading.sandbox.kernel import ForkedApp, connect_app
from rnn_course.grading.sandbox.syscalls import SyscallFilter, build_filter_of_listening

# Who is ended first where this machine runs out of memory, of 1000; the judge stays where it is
_BEFORE_THE_FORK_SERVER, _FIRST = 500, 1000
_OWN_CACHE = f"{HOME}/.cache/rnn-course"
_LOOK_EVERY = 0.1  # seconds between two looks at memory and processes
_SURELY_FINE = 2**30  # bytes: to look who shares them takes a millisecond
_HELD = ("RssAnon:", "RssShmem:", "VmSwap:", "VmPTE:")
_SHARE = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")
_SOCKET_BYTES = 2**18  # what a socket holds at most, by the usual size of its buffer
_MANY_LOCKS = 10_000
_UP = b"up"
_TRACEBACK = 2000  # bytes of one that are passed on


def supervise(
    control: socket.socket,
    observations: socket.socket,
    options: Mapping,
    rules: SyscallFilter | None,
    app: ForkedApp,
) -> None:
    """Run one kernel from its first to its last moment.

    Args:
        control: to the host; see `protocol.supervisor_channel`.
        observations: to the host as well, for the kernel.
        options: what the fork server was started with.
        rules: the seccomp filter for the kernel, None where there is no sandbox.
        app: a kernel without connections, made in the fork server.
    """
    confinement.offer_for_out_of_memory(_BEFORE_THE_FORK_SERVER)
    order, files = _receive(control)
    limits, confined = Limits(**order["limits"]), not options["trust"]
    folder = SUBMISSION if confined else order["folder"]
    if confined:
        confinement.mount_private_folders(limits, options["readable"])
    write_files(files, Path(folder))
    prefix = f"{options['sockets']}/{order['name']}"
    listening = {name: _listen(f"{prefix}-{n}") for n, name in enumerate(JUPYTER_CHANNELS, 1)}
    filters = [] if rules is None else [rules]
    if confined:
        _hide_from_student(options["shared"])
        # only now: those who connect to the channels above wait for nobody
        if not confinement.bound_waiting_connections():
            filters.insert(0, build_filter_of_listening())
        removal.cover_sources(order["without"])
    os.chdir(folder)
    reading, writing = os.pipe()
    requests, locks = socket.socketpair()
    kernel = os.fork()
    if kernel == 0:
        for theirs in (control, requests):
            theirs.close()
        os.close(reading)
        about = (observations, locks, writing)
        channels = Channels(listening, prefix, order["key"], order["without"], *about)
        _become_kernel(app, channels, limits, options, filters)
    os.close(writing)
    for sock in (observations, locks, *listening.values()):
        sock.close()
    if trouble := _trouble(reading):
        _say(control, {"failed": trouble})
        return
    _say(control, {"ready": True})
    _watch(control, LockKeeper(requests, folder), kernel, limits)
    _end_all(kernel, confined)


def _hide_from_student(shared: Sequence[str]) -> None:
    """Cover what is the fork server's, and give the student a cache that shows the shared ones."""
    for folder in (SOCKETS, COMPILED):
        confinement.hide(folder)
    # what the fork server found before the scratch folder was there may be out of bounds now
    tempfile.tempdir = None
    os.environ["NUMBA_CACHE_DIR"] = f"{HOME}/.numba"
    os.environ["MPLCONFIGDIR"] = f"{HOME}/.matplotlib"
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = f"{HOME}/.torchinductor"
    os.environ["RNN_COURSE_CACHE"] = _OWN_CACHE
    for path in map(Path, shared):
        mirror(path, Path(_OWN_CACHE))


def _end_all(kernel: int, confined: bool) -> None:
    """Kill whatever the submission has started."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(-1 if confined else -kernel, signal.SIGKILL)
        while confined:  # our socket is to close when the last process of this world is gone
            os.wait()
            os.kill(-1, signal.SIGKILL)


@dataclass(frozen=True)
class Channels:
    """How a kernel is reached and reaches others; see `kernel.connect_app`.

    Attributes:
        without: what is taken out of it; see `removal`.
        locks: to a `LockKeeper`.
        trouble: pipe that carries what went wrong until the kernel is up, and is closed then.
    """

    listening: Mapping[str, socket.socket]
    prefix: str
    key: str
    without: Sequence[str]
    observations: socket.socket
    locks: socket.socket
    trouble: int


def _become_kernel(
    app: ForkedApp,
    channels: Channels,
    limits: Limits,
    options: Mapping,
    filters: Sequence[SyscallFilter],
) -> None:
    """Run student code in this process; never return."""
    try:
        os.setsid()
        confinement.offer_for_out_of_memory(_FIRST)
        # before the filter: it shares a page with forks, which student code may not
        overheard = Overheard()
        removal.remove(channels.without)
        if filters:
            removal.deny_programs(channels.without)
            ask_for_locks(channels.locks)
            # by name, not by descriptors, of which there are few
            set_sharing_strategy("file_system")
            confinement.drop_privileges(limits, options["readable"], options["devices"], filters)
        descriptors = {name: sock.detach() for name, sock in channels.listening.items()}
        connect_app(
            app, descriptors, channels.prefix, channels.key, channels.observations, overheard
        )
        os.write(channels.trouble, _UP)
        os.close(channels.trouble)
        app.start()
    except BaseException:
        with suppress(OSError):
            os.write(channels.trouble, traceback.format_exc()[-_TRACEBACK:].encode())
    finally:
        os._exit(1)


def _trouble(pipe: int) -> str:
    """Wait until the kernel is up, or has said on this pipe why it is not; return that."""
    with os.fdopen(pipe, "rb") as stream:
        said = stream.read(_TRACEBACK)
    return "" if said == _UP else said.decode(errors="replace") or "the kernel died at its start"


def _receive(control: socket.socket) -> tuple[dict, dict[str, bytes]]:
    stream = control.makefile("rb")
    order = json.loads(stream.readline())
    files = {name: stream.read(size) for name, size in order["files"]}
    return order, files


def _listen(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    sock.listen(8)
    sock.setblocking(False)
    return sock


def _say(control: socket.socket, message: Mapping[str, object]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def _watch(control: socket.socket, keeper: LockKeeper, kernel: int, limits: Limits) -> None:
    """Pass on what the judge orders until the kernel ends, or has to be ended; lock its files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = os.pidfd_open(kernel)
    while True:
        sources = [control.fileno(), ended, *keeper.sources]
        ready, _, _ = select.select(sources, [], [], _LOOK_EVERY)
        if keeper.fileno() in ready:
            keeper.answer()
        order = control.recv(1) if control.fileno() in ready else None
        if order in (b"", KILL):
            return
        if order == INTERRUPT:
            with suppress(ProcessLookupError):
                os.kill(kernel, signal.SIGINT)
        status = _reap(kernel)
        if status is not None:
            _say(control, {"exit": status, "why": "crashed"})
            return
        if os.getpid() != 1:  # not our world to count
            continue
        if _memory() > limits.memory_bytes or _too_many_locks():
            _say(control, {"exit": -signal.SIGKILL, "why": "memory"})
            return


def _reap(kernel: int) -> int | None:
    """Collect ended children; return the kernel's exit code once it has one."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == kernel:
                return os.waitstatus_to_exitcode(status)
            if pid == 0:
                break
    return None


def _memory() -> int:
    """Return the bytes that the processes of this PID world hold, shared pages counted once.

    A page that was moved to swap, and the tables of pages, are theirs as well; a socket counts as
    if its buffer were full.
    """
    pids = [name for name in os.listdir("/proc") if name.isdigit()]
    buffers = _sockets() * _SOCKET_BYTES
    if buffers + sum(_bytes(f"/proc/{pid}/status", *_HELD) for pid in pids) < _SURELY_FINE:
        return 0
    tables = sum(_bytes(f"/proc/{pid}/status", "VmPTE:") for pid in pids)
    return buffers + tables + sum(_bytes(f"/proc/{pid}/smaps_rollup", *_SHARE) for pid in pids)


def _sockets() -> int:
    """Return how many sockets there are in this network namespace, which is the submission's."""
    first = Path("/proc/net/sockstat").read_text().split("\n", 1)[0]  # sockets: used 13
    return int(first.split()[-1])


def _too_many_locks() -> bool:
    """Whether the processes of this PID world hold more record locks than anybody needs.

    A file takes any number of them. Those of other worlds are not shown to us, but for locks that
    belong to an open file. To read on would take for ever: the list grows while it is read.
    """
    with open("/proc/locks") as lines:
        ours = (line for line in lines if " POSIX " in line)
        return len([*islice(ours, _MANY_LOCKS)]) == _MANY_LOCKS


def _bytes(path: str, *names: str) -> int:
    """Return the sum of some lines of a file in /proc, 0 where its process is gone."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return 0
    parts = (line.split() for line in lines)
    return sum(int(part[1]) for part in parts if part[0] in names) * 1024
