"""The first process of a submission's own world: prepares it, watches over it, ends it."""

import json
import os
import select
import signal
import socket
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ipykernel.kernelapp import IPKernelApp

from rnn_course.grading.host.bubblewrap import COMPILED, HOME, SOCKETS
from rnn_course.grading.intake.staging import mirror, put_down
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.sandbox import confinement
from rnn_course.grading.sandbox.kernel import CHANNELS, prepare

INTERRUPT, KILL = b"I", b"K"
_OWN_CACHE = f"{HOME}/.cache/rnn-course"
_LOOK_EVERY = 0.1  # seconds between two looks at memory and processes
_SURELY_FINE = 2**30  # bytes: to look who shares them takes a millisecond
_UP = b"up"
_TROUBLE = 2000  # bytes of a traceback


def keep(
    line: socket.socket, wire: socket.socket, options: Mapping, rules, app: IPKernelApp
) -> None:
    """Run one kernel from its first to its last moment.

    Args:
        line: to the judge.
        wire: to the judge as well, for the kernel.
        options: what the wall was started with.
        rules: the seccomp filter for the kernel.
        app: a kernel that was conceived in the warm parent.
    """
    order, files = _receive(line)
    limits, walled = Limits(**order["limits"]), not options["trust"]
    folder = confinement.FOLDER if walled else order["folder"]
    if walled:
        confinement.private_folders(limits, options["readable"])
    put_down(files, Path(folder))
    prefix = f"{options['sockets']}/{order['name']}"
    listening = {name: _listen(f"{prefix}-{n}") for n, name in enumerate(CHANNELS, 1)}
    if walled:
        for shared_with_parent in (SOCKETS, COMPILED):
            confinement.hide(shared_with_parent)
        # what the parent found before the scratch folder was there may be out of bounds now
        tempfile.tempdir = None
        os.environ["NUMBA_CACHE_DIR"] = f"{HOME}/.numba"
        os.environ["MPLCONFIGDIR"] = f"{HOME}/.matplotlib"
        os.environ["RNN_COURSE_CACHE"] = _OWN_CACHE
        for shared in map(Path, options["shared"]):
            mirror(shared, Path(_OWN_CACHE))
    os.chdir(folder)
    hears, tells = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        line.close()
        os.close(hears)
        birth = Birth(app, listening, prefix, order["key"], wire, limits, tells)
        _be_kernel(birth, options, rules)
    os.close(tells)
    for sock in (wire, *listening.values()):
        sock.close()
    said = _read_all(hears)
    if said != _UP:
        _say(line, failed=said.decode(errors="replace") or "the kernel died at its start")
        return
    _say(line, ready=True)
    _watch(line, kernel, limits)
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(-1 if walled else -kernel, signal.SIGKILL)
        while walled:  # our end of the line is to close when the last process of this world is gone
            os.wait()
            os.kill(-1, signal.SIGKILL)


@dataclass(frozen=True)
class Birth:
    """What a kernel is born with; see `kernel.prepare`.

    Attributes:
        tells: pipe that carries what went wrong until the kernel is up, and is closed then.
    """

    app: IPKernelApp
    listening: Mapping[str, socket.socket]
    prefix: str
    key: str
    wire: socket.socket
    limits: Limits
    tells: int


def _be_kernel(birth: Birth, options: Mapping, rules) -> None:
    """Run student code in this process; never return."""
    try:
        os.setsid()
        if not options["trust"]:
            confinement.give_up(birth.limits, options["readable"], options["devices"], rules)
        descriptors = {name: sock.detach() for name, sock in birth.listening.items()}
        prepare(birth.app, descriptors, birth.prefix, birth.key, birth.wire)
        os.write(birth.tells, _UP)
        os.close(birth.tells)
        birth.app.start()
    except BaseException:
        with suppress(OSError):
            os.write(birth.tells, traceback.format_exc()[-_TROUBLE:].encode())
    finally:
        os._exit(1)


def _read_all(pipe: int) -> bytes:
    with os.fdopen(pipe, "rb") as stream:
        return stream.read(_TROUBLE)


def _receive(line: socket.socket) -> tuple[dict, dict[str, bytes]]:
    stream = line.makefile("rb")
    order = json.loads(stream.readline())
    files = {name: stream.read(size) for name, size in order["files"]}
    return order, files


def _listen(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    sock.listen(8)
    sock.setblocking(False)
    return sock


def _say(line: socket.socket, **message) -> None:
    line.sendall(json.dumps(message).encode() + b"\n")


def _watch(line: socket.socket, kernel: int, limits: Limits) -> None:
    """Pass on what the judge orders until the kernel ends, or has to be ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = os.pidfd_open(kernel)
    while True:
        ready, _, _ = select.select([line, ended], [], [], _LOOK_EVERY)
        order = line.recv(1) if line in ready else None
        if order in (b"", KILL):
            return
        if order == INTERRUPT:
            with suppress(ProcessLookupError):
                os.kill(kernel, signal.SIGINT)
        status = _reap(kernel)
        if status is not None:
            _say(line, exit=status, why="crashed")
            return
        if os.getpid() == 1 and _memory() > limits.memory_bytes:  # else not our world to count
            _say(line, exit=-signal.SIGKILL, why="memory")
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
    """Return the bytes that the processes of this PID world hold, shared pages counted once."""
    pids = [name for name in os.listdir("/proc") if name.isdigit()]
    held = sum(_bytes(f"/proc/{pid}/status", "RssAnon:", "RssShmem:") for pid in pids)
    if held < _SURELY_FINE:
        return 0
    return sum(_bytes(f"/proc/{pid}/smaps_rollup", "Pss_Anon:", "Pss_Shmem:") for pid in pids)


def _bytes(path: str, *names: str) -> int:
    """Return the sum of some lines of a file in /proc, 0 where its process is gone."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return 0
    parts = (line.split() for line in lines)
    return sum(int(part[1]) for part in parts if part[0] in names) * 1024
