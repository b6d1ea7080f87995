"""System calls behind the wall: what is not needed is not given, and honest work needs none of it.

Every attempt is made by a student's cell. A cell says what came of it: the name of the error, or
"done".
"""

import platform
import subprocess
import sys
from collections.abc import Iterator

import pytest

from rnn_course.grading.host.kernel_client import KernelClient, running_kernel
from rnn_course.grading.protocol.limits import MIB, Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
on_x86_64 = pytest.mark.skipif(
    platform.machine() != "x86_64", reason="calls are named here by their numbers on x86-64"
)

LIMITS = Limits(cell_seconds=30, disk_bytes=64 * MIB)
TRIED = """
import ctypes, errno, fcntl, mmap, os, resource, socket, sys
import rnn_course
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.argtypes = [ctypes.c_long] * 7
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.mmap.restype = ctypes.c_void_p
mine, shared = open("mine.txt", "w+"), open(rnn_course.__file__)
reading, writing = os.pipe()
one, other = socket.socketpair()

def tried(attempt, *arguments):
    ctypes.set_errno(0)
    try:
        done = attempt(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    failed = isinstance(done, int) and done == -1 or done == 2**64 - 1
    return errno.errorcode[ctypes.get_errno()] if failed else "done"

def called(number, *arguments):
    return tried(libc.syscall, number, *arguments, *[0] * (6 - len(arguments)))
"""
REFUSED = {
    "watch files": ("tried(libc.inotify_init1, 0)", "EPERM"),
    "watch files, first version": ("tried(libc.inotify_init)", "EPERM"),
    "watch all files": ("tried(libc.fanotify_init, 0, 0)", "EPERM"),
    "open a terminal": ("tried(os.open, '/dev/ptmx', os.O_RDWR)", "ENOENT"),
    "open a terminal, where it is": ("tried(os.open, '/dev/pts/ptmx', os.O_RDWR)", "ENOENT"),
    "open a terminal, by name": ("tried(os.openpty)", "ENOENT"),
    "lease a file": ("tried(fcntl.fcntl, mine, fcntl.F_SETLEASE, fcntl.F_WRLCK)", "EPERM"),
    "be told of changes": ("tried(fcntl.fcntl, os.open('.', 0), fcntl.F_NOTIFY, 1)", "EPERM"),
    "own a file's signals": ("tried(fcntl.fcntl, reading, fcntl.F_SETOWN, 1)", "EPERM"),
    "enlarge a pipe": ("tried(fcntl.fcntl, writing, fcntl.F_SETPIPE_SZ, 2**20)", "EPERM"),
    "flock itself": ("tried(libc.flock, mine.fileno(), fcntl.LOCK_EX)", "ENOSYS"),
    "lock what is shared": ("tried(fcntl.flock, shared, fcntl.LOCK_EX)", "EPERM"),
    "share a lock of what is shared": ("tried(fcntl.flock, shared, fcntl.LOCK_SH)", "EPERM"),
    "lock a device": ("tried(fcntl.flock, open('/dev/null'), fcntl.LOCK_EX)", "EPERM"),
    "lock for an open file": ("tried(fcntl.fcntl, mine, 37, bytes(32))", "EPERM"),
    "lock nothing": ("tried(fcntl.flock, 10**6, fcntl.LOCK_EX)", "EBADF"),
    "see the supervisor's limits": ("tried(resource.prlimit, 1, resource.RLIMIT_AS)", "EPERM"),
    "bind the supervisor": ("tried(os.sched_setaffinity, 1, {0})", "EPERM"),
    "slow the supervisor down": ("tried(os.setpriority, os.PRIO_PROCESS, 1, 19)", "EPERM"),
    "slow all of its user down": ("tried(os.setpriority, os.PRIO_USER, 0, 19)", "EPERM"),
    "let the supervisor idle": (
        "tried(os.sched_setscheduler, 1, os.SCHED_IDLE, os.sched_param(0))",
        "EPERM",
    ),
    "share memory without a file": ("tried(mmap.mmap, -1, 4096)", "EPERM"),
    "share memory of /dev/zero": ("tried(os.open, '/dev/zero', os.O_RDWR)", "EACCES"),
    "read what could be mapped": ("tried(os.open, '/dev/zero', os.O_RDONLY)", "EACCES"),
    "take huge pages": ("tried(libc.mmap, 0, 2**21, 3, 0x40022, -1, 0)", "EPERM"),
    "share by a validated mapping": ("tried(libc.mmap, 0, 4096, 3, 0x23, -1, 0)", "EPERM"),
    "a file in memory": ("tried(os.memfd_create, 'x')", "ENOSYS"),
    "send datagrams": ("tried(socket.socket, socket.AF_UNIX, socket.SOCK_DGRAM)", "EPERM"),
    "send packets": ("tried(socket.socketpair, socket.AF_UNIX, socket.SOCK_SEQPACKET)", "EPERM"),
} | {
    f"set socket option {option}": (
        f"tried(one.setsockopt, socket.SOL_SOCKET, {option}, 10**7)",
        "EPERM",
    )
    for option in (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and both by force
}
BY_NUMBER = {
    "a child for the supervisor": ("called(56, 0x8000 | 17)", "EPERM"),
    "the same, beyond 32 bits": ("called(56, 1 << 32 | 0x8000 | 17)", "EPERM"),
    "another's limits": ("called(302, 1 << 32 | 1, 0)", "EPERM"),
    "a lease": ("called(72, mine.fileno(), 1 << 32 | 1024, 1)", "EPERM"),
    "a larger pipe": ("called(72, writing, 1 << 32 | 1031, 2**20)", "EPERM"),
    "a larger buffer": ("called(54, one.fileno(), 1, 1 << 32 | 7, 0, 4)", "EPERM"),
    "shared memory": ("called(9, 0, 4096, 3, 1 << 32 | 0x21, -1, 0)", "EPERM"),
    "datagrams": ("called(41, 1, 1 << 32 | 2, 0)", "EPERM"),
    "memory for no other process to see": ("called(447, 0)", "EPERM"),
}


@pytest.fixture(scope="module")
def curious() -> Iterator[KernelClient]:
    with running_kernel(limits=LIMITS) as kernel:
        assert kernel.run(TRIED).status == "ok"
        yield kernel


def said(kernel: KernelClient, code: str) -> str:
    done = kernel.run(code)
    assert done.status == "ok", done
    return done.outputs[-1].data["text/plain"]


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_needed_is_refused(curious: KernelClient, what: str) -> None:
    attempt, error = REFUSED[what]
    assert said(curious, attempt) == repr(error)


@on_x86_64
@pytest.mark.parametrize("what", BY_NUMBER)
def test_bits_that_the_system_does_not_read_hide_nothing(curious: KernelClient, what: str) -> None:
    attempt, error = BY_NUMBER[what]
    assert said(curious, attempt) == repr(error)


@pytest.mark.parametrize(
    "allowed",
    [
        "resource.prlimit, 0, resource.RLIMIT_NOFILE",
        "os.sched_setaffinity, 0, os.sched_getaffinity(0)",
        "os.setpriority, os.PRIO_PROCESS, 0, 0",
        "one.setsockopt, socket.SOL_SOCKET, socket.SO_PASSCRED, 1",
        "fcntl.fcntl, reading, fcntl.F_DUPFD_CLOEXEC, 0",
        "fcntl.lockf, mine, fcntl.LOCK_EX",
        "fcntl.flock, mine, fcntl.LOCK_EX",
        "fcntl.flock, mine.fileno(), fcntl.LOCK_UN",
        "fcntl.flock, os.open('.', os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB",
        "libc.mmap, 0, 4096, 3, 0x22, -1, 0",
        "mmap.mmap, -1, 4096, mmap.MAP_PRIVATE",
    ],
)
def test_what_is_one_s_own_is_not(curious: KernelClient, allowed: str) -> None:
    assert said(curious, f"tried({allowed})") == "'done'"


def test_one_connection_waits_for_a_socket_that_accepts_none(curious: KernelClient) -> None:
    # each may hold a full buffer of a sender that is long gone
    held = """
waiting = socket.socket(socket.AF_UNIX)
waiting.bind("waiting")
waiting.listen(128)
def connect():
    with socket.socket(socket.AF_UNIX) as sender:
        sender.setblocking(False)
        sender.connect("waiting")
[tried(connect) for _ in range(4)]
"""
    assert said(curious, held) == "['done', 'EAGAIN', 'EAGAIN', 'EAGAIN']"


def test_a_lock_is_held_until_its_file_is_closed_and_waited_for(curious: KernelClient) -> None:
    held = """
def holds(path):
    with open(path) as other:
        return tried(fcntl.flock, other, fcntl.LOCK_SH | fcntl.LOCK_NB)
open("held", "w").close()
came = []
holder = open("held")
fcntl.flock(holder, fcntl.LOCK_EX)
if not (child := os.fork()):
    os._exit(["EAGAIN", "done"].index(holds("held")))
came.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
if not (child := os.fork()):
    holder.close()
    with open("held") as patient:
        fcntl.flock(patient, fcntl.LOCK_EX)  # waits until we, who forked it, have let go
    os._exit(7)
holder.close()
came.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
(*came, holds("held"))
"""
    assert said(curious, held) == "(0, 7, 'done')"


def test_an_operation_that_is_none_is_named(curious: KernelClient) -> None:
    done = curious.run("fcntl.flock(mine, 64)")
    assert done.error[0] == "ValueError"
    assert "Expected LOCK_SH, LOCK_EX or LOCK_UN" in done.error[1]
    assert "Got the operation 64" in done.error[1]


def test_nothing_that_is_asked_of_the_supervisor_stops_it() -> None:
    strange = """
import fcntl, os, socket, struct
keeper = fcntl.flock.args[0]
reading, writing = os.pipe()
os.set_blocking(writing, False)
try:
    while True: os.write(writing, bytes(4096))
except BlockingIOError: pass
mine, (one, other) = open("mine", "w"), socket.socketpair()
for numbers in ([], [0], [mine.fileno(), writing], [mine.fileno()] * 2, [1, other.fileno()]):
    sent = (socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack(f"{len(numbers)}i", *numbers))
    keeper.sendmsg([b"\\2"], [sent] if numbers else [])
for operation in (0, 3, 255):
    socket.send_fds(keeper, [bytes([operation])], [mine.fileno(), other.fileno()])
    one.recv(1)
socket.send_fds(keeper, [b"\\2"], [mine.fileno(), other.fileno(), 1])
fcntl.flock(mine, fcntl.LOCK_EX)
keeper.close()
try:
    fcntl.flock(mine, fcntl.LOCK_UN)
except OSError as error:
    result = type(error).__name__
result
"""
    with running_kernel(limits=LIMITS) as kernel:
        assert said(kernel, strange) == "'OSError'"
        assert said(kernel, "1 + 1") == "2"
        assert kernel.run("while True: pass", seconds=1).status == "timeout"  # it still interrupts
        assert said(kernel, "2 + 2") == "4"


@pytest.mark.slow
def test_locks_without_number_end_the_submission() -> None:
    many = (
        "import fcntl\n"
        "for number in range(60):\n"
        "    file = globals()[f'file_{number}'] = open(f'file_{number}', 'w')\n"
        "    for at in range(2000, 0, -1):\n"  # a lock before all others is found at once
        "        fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * at)\n"
    )
    with running_kernel(limits=Limits(cell_seconds=60)) as kernel:
        done = kernel.run(many + "import signal\nsignal.pause()")
    assert (done.status, done.limit) == ("crashed", "memory")


def test_shared_memory_counts_as_disk(curious: KernelClient) -> None:
    size = LIMITS.disk_bytes
    fill = f"""
with open("/dev/shm/large", "wb") as large:
    came = [tried(large.truncate, {size} + 1), tried(os.posix_fallocate, large.fileno(), 0, {size})]
    with open("/dev/shm/more", "wb") as more:
        came.append(tried(os.posix_fallocate, more.fileno(), 0, {size}))
os.unlink("/dev/shm/large")
os.unlink("/dev/shm/more")
came[0], came[-1]
"""
    assert said(curious, fill) == "('EFBIG', 'ENOSPC')"


HONEST = {
    "a tensor is shared": """
import torch
import torch.multiprocessing as mp
def fill(shared):
    shared += 3
weights = torch.zeros(4).share_memory_()
child = mp.get_context("fork").Process(target=fill, args=(weights,))
child.start()
child.join()
(weights.sum().item(), child.exitcode)
""",
    "processes compute": """
import multiprocessing as mp
with mp.get_context("fork").Pool(2) as pool:
    result = sum(pool.map(abs, range(-4, 4)))
result
""",
    "processes share numbers": """
import multiprocessing as mp
context = mp.get_context("fork")
total, queue = context.Value("i", 0), context.Queue()
def add(n):
    with total.get_lock():
        total.value += n
    queue.put(n)
children = [context.Process(target=add, args=(n,)) for n in (1, 2)]
for child in children:
    child.start()
seen = sorted(queue.get() for _ in children)
for child in children:
    child.join()
(total.value, seen)
""",
    "a manager is asked": """
import multiprocessing as mp
with mp.get_context("fork").Manager() as manager:
    shared = manager.list([1])
    shared.append(2)
    result = list(shared)
result
""",
    "a fresh Python computes": """
import subprocess, sys
subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout
""",
    "an array lies in a file": """
import numpy as np
kept = np.memmap("array.bin", dtype="float32", mode="w+", shape=(1000, 10))
kept[3] = 7
kept.flush()
float(np.memmap("array.bin", dtype="float32", mode="r", shape=(1000, 10)).sum())
""",
    "threads compute": """
import torch
torch.set_num_threads(2)
result = (torch.ones(300, 300) @ torch.ones(300, 300)).sum().item()
torch.set_num_threads(1)
result
""",
    "tasks wait for a program": """
import asyncio
async def ask():
    program = await asyncio.create_subprocess_exec("echo", "hello", stdout=asyncio.subprocess.PIPE)
    return (await program.communicate())[0]
await ask()
""",
    "a database is written": """
import sqlite3
with sqlite3.connect("runs.db") as runs:
    runs.execute("create table loss (value real)")
    runs.execute("insert into loss values (0.5)")
sqlite3.connect("runs.db").execute("select value from loss").fetchall()
""",
    "a lock is held": """
import filelock
from pathlib import Path
with filelock.FileLock("cache.lock"):
    try:
        filelock.FileLock("cache.lock", timeout=0, is_singleton=False).acquire()
        result = "taken twice"
    except filelock.Timeout:
        result = "taken once"
filelock.FileLock("cache.lock", timeout=0).acquire()
result
""",
}
RESULTS = {
    "a tensor is shared": "(12.0, 0)",
    "processes compute": "16",
    "processes share numbers": "(3, [1, 2])",
    "a manager is asked": "[1, 2]",
    "a fresh Python computes": r"'42\n'",
    "an array lies in a file": "70.0",
    "threads compute": "27000000.0",
    "tasks wait for a program": r"b'hello\n'",
    "a database is written": "[(0.5,)]",
    "a lock is held": "'taken once'",
}


@pytest.fixture(scope="module")
def diligent() -> Iterator[KernelClient]:
    with running_kernel(limits=LIMITS) as kernel:
        yield kernel


@pytest.mark.parametrize("what", HONEST)
def test_honest_work_needs_nothing_else(diligent: KernelClient, what: str) -> None:
    assert said(diligent, HONEST[what]) == RESULTS[what]


@pytest.mark.slow
def test_a_compiled_function_is_compiled() -> None:
    # by a C++ compiler, into a cache that is locked
    code = (
        "import torch\n"
        "@torch.compile\n"
        "def twice(x):\n    return torch.sin(x) * 0 + 2 * x\n"
        "twice(torch.ones(3)).tolist()"
    )
    with running_kernel(limits=Limits(cell_seconds=120)) as kernel:
        assert said(kernel, code) == "[2.0, 2.0, 2.0]"


def test_a_command_says_what_it_says_and_its_exit_code(diligent: KernelClient) -> None:
    done = diligent.run("!printf 'h\\303\\251 \\377'; echo wrong >&2; exit 3")
    assert "".join(output.text for output in done.outputs) == "hé \ufffdwrong\n"
    assert said(diligent, "_exit_code") == "3"
    assert said(diligent, "listed = !echo one; echo two\nlisted") == "['one', 'two']"


def test_a_command_that_waits_for_input_gets_none(diligent: KernelClient) -> None:
    assert diligent.run("!cat; echo over").outputs[0].text == "over\n"


def test_a_command_that_does_not_end_is_interrupted() -> None:
    limits = Limits(cell_seconds=2, grace_seconds=20)
    with running_kernel(limits=limits) as kernel:
        done = kernel.run("!sleep 1000\nreached = True")
        assert (done.status, done.limit, kernel.alive) == ("timeout", "cell", True)
        assert said(kernel, "'reached' in globals()") == "False"
        left = (
            "import psutil\n"
            "sleeping = [p for p in psutil.process_iter() if p.name() == 'sleep']\n"
            "psutil.wait_procs(sleeping, timeout=15)[1]"
        )
        assert said(kernel, left) == "[]"


def test_without_a_limit_of_waiting_connections_nobody_may_listen() -> None:
    program = (
        "import socket\n"
        "from rnn_course.grading.sandbox.syscalls import build_filter_of_listening\n"
        "build_filter_of_listening().load()\n"
        "one, other = socket.socketpair()\n"
        "try:\n    socket.socket(socket.AF_UNIX).listen(1)\n"
        "except PermissionError:\n    print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"refused\n"
