"""The fork server: has imported what courseworks need, and forks a kernel for each submission.

Started by the host inside bubblewrap, as ``python -m`` this module with its options as JSON, and
with one end of a socket pair as its standard input. For each submission it receives two sockets,
and forks:

1. the `supervisor`, first process of a new PID world: makes the scratch folder, writes the
   submission's files there, opens the kernel's sockets, watches memory and processes, passes on
   interrupts, and takes everything with it when it ends; it starts
2. the `kernel`, which gives up its rights and runs the student's code.

The first socket is the supervisor's, see `protocol.supervisor_channel`; the second the kernel's,
see `protocol.observation_channel`.
"""

import ctypes
import gc
import json
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from rnn_course.grading.protocol.supervisor_channel import HERE
from rnn_course.grading.sandbox import confinement, syscalls
from rnn_course.grading.sandbox.preload import preload

_BEFORE_THE_JUDGE = 250  # of 1000; a supervisor and a kernel come before us
_LARGE_PAGE, _MADV_COLLAPSE = 2**21, 25


def main() -> None:
    """Import, say that we are ready, and fork until the other end hangs up."""
    options = json.loads(sys.argv[1])
    host = socket.socket(fileno=os.dup(0))
    if options["root"]:
        confinement.become_nobody()
    preload(options["modules"])
    from rnn_course.grading.sandbox.kernel import make_app

    app = make_app()
    rules = None if options["trust"] else syscalls.build_filter()
    # Objects that exist now are never collected in a child: pages stay shared
    gc.collect()
    gc.freeze()
    _use_large_pages()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    options["user"] = os.geteuid(), os.getegid()
    confinement.offer_for_out_of_memory(_BEFORE_THE_JUDGE)
    host.sendall(b"ready\n")
    while True:
        message, descriptors, _, _ = socket.recv_fds(host, 1, 2)
        if not message:
            return
        _require_one_thread()
        control, observations = (socket.socket(fileno=number) for number in descriptors)
        with control, observations:
            try:
                child = os.fork() if options["trust"] else confinement.fork_into_namespaces()
            except OSError:
                _report_failure(control)
                continue
            if child == 0:
                _leave(host)
                _become_supervisor(control, observations, options, rules, app)


def _use_large_pages() -> None:
    """Gather what we hold in pages of 2 MiB where the system can: a fork copies a list of pages."""
    libc = ctypes.CDLL(None)
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, rights, _, _, _, *name = line.split()
        if rights == "rw-p" and name in ([], ["[heap]"]):
            first, last = (int(address, 16) // _LARGE_PAGE for address in span.split("-"))
            start, length = (first + 1) * _LARGE_PAGE, (last - first - 1) * _LARGE_PAGE
            if length > 0:
                libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), _MADV_COLLAPSE)


def _require_one_thread() -> None:
    names = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    if len(names) != 1:
        raise RuntimeError(f"a fork would be unsafe: the fork server has the threads {names}")


def _leave(host: socket.socket) -> None:
    """Close, in a fork, what is the fork server's alone."""
    host.close()
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)


def _become_supervisor(
    control: socket.socket, observations: socket.socket, options: dict, rules, app
) -> None:
    """Become the submission's first process; never return."""
    status = 1
    try:
        control.sendall(HERE)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        if not options["trust"]:
            confinement.become_student(*options["user"])
        from rnn_course.grading.sandbox import supervisor

        supervisor.supervise(control, observations, options, rules, app)
        status = 0
    except BaseException:
        _report_failure(control)
    finally:
        os._exit(status)


def _report_failure(control: socket.socket) -> None:
    with suppress(OSError):
        control.sendall(json.dumps({"failed": traceback.format_exc()[-2000:]}).encode() + b"\n")


if __name__ == "__main__":
    main()
