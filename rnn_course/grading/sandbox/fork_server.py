"""The warm parent: has imported what courseworks need, and forks a kernel for each submission.

Started by `host` inside bubblewrap, as ``python -m rnn_course.grading.sandbox.fork_server OPTIONS``,
with one end of a socket pair as its standard input. For each submission it receives two sockets,
and forks:

1. the *warden*, first process of a new PID world: makes the scratch folder, writes the
   submission's files there, opens the kernel's sockets, watches memory and processes, passes on
   interrupts, and takes everything with it when it ends; it starts
2. the kernel, which gives up its rights and runs the student's code.

The warden and the judge speak through the first socket: a line of JSON and the files' bytes, then
single letters (`INTERRUPT`, `KILL`); back come lines of JSON. The second is for what the judge
asks the kernel.
"""

import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from rnn_course.checks.coursework import COURSEWORKS
from rnn_course.grading.sandbox import confinement, syscalls

MODULES = (
    *("numpy", "scipy", "scipy.signal", "scipy.stats", "scipy.special", "scipy.optimize"),
    *("torch", "torch.nn", "torch.utils.data", "torch.optim", "torch.overrides"),
    *("librosa", "librosa.feature", "librosa.display", "soundfile", "sklearn"),
    *("sklearn.datasets", "sklearn.metrics", "matplotlib.pyplot", "tqdm.auto", "pooch"),
    *("pygments.lexers.python", "pygments.formatters.terminal256", "stack_data", "executing"),
    *("matplotlib_inline.backend_inline", "IPython.display", "IPython.core.pylabtools"),
    *("IPython.extensions.storemagic", "ipywidgets", "safetensors.torch", "pexpect", "psutil"),
    *("rnn_course.data", "rnn_course.training", "rnn_course.plotting", "rnn_course.shapes"),
    *("rnn_course.checks", "rnn_course.checks.observe", "rnn_course.checks.notebook"),
    # what a notebook's first cell imports: its questions, and the data's way to the network
    *(f"rnn_course.checks.{name}" for name in COURSEWORKS),
    *("requests", "rnn_course.data.speech_commands", "rnn_course.data.features"),
    *(
        "ipykernel.debugger",
        "tornado.platform.asyncio",
        "rnn_course.grading.sandbox.supervisor",
        "landlock",
        "pyseccomp",
    ),
)
_LARGE_PAGE, _MADV_COLLAPSE = 2**21, 25


def main() -> None:
    """Import, say that we are ready, and fork until the other end hangs up."""
    options = json.loads(sys.argv[1])
    judge = socket.socket(fileno=os.dup(0))
    if options["root"]:
        confinement.become_nobody()
    warm_up()
    from rnn_course.grading.sandbox.kernel import conceive

    app = conceive()
    rules = None if options["trust"] else syscalls.build_filter()
    # Objects that exist now are never collected in a child: pages stay shared
    gc.collect()
    gc.freeze()
    _use_large_pages()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    options["user"] = os.geteuid(), os.getegid()
    judge.sendall(b"ready\n")
    while True:
        message, descriptors, _, _ = socket.recv_fds(judge, 1, 2)
        if not message:
            return
        _require_one_thread()
        line, wire = (socket.socket(fileno=number) for number in descriptors)
        with line, wire:
            try:
                child = os.fork() if options["trust"] else confinement.fork_into_namespaces()
            except OSError:
                _say_what_failed(line)
                continue
            if child == 0:
                _forget(judge)
                _start_warden(line, wire, options, rules, app)


def warm_up() -> None:
    """Import everything, and use once what is slow the first time; start no thread."""
    for name in MODULES:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    import librosa
    import matplotlib.pyplot as plt
    import numpy as np
    import torch

    from rnn_course.checks.observe import perform
    from rnn_course.checks.requests import Describe

    torch.set_num_threads(1)
    clip = np.sin(np.arange(16000.0, dtype=np.float32))
    librosa.feature.mfcc(y=clip, sr=16000, hop_length=512, n_fft=2048)
    figure = plt.figure()
    figure.gca().plot([0, 1])
    figure.canvas.draw()
    plt.close("all")
    model = torch.nn.LSTM(2, 2)
    model(torch.zeros(1, 1, 2))
    # imports torch's compiler. No backward pass: it would start autograd's threads
    torch.optim.Adam(model.parameters()).step()
    perform({}, Describe("nothing"))


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
        raise RuntimeError(f"a fork would be unsafe: the warm parent has the threads {names}")


def _forget(judge: socket.socket) -> None:
    judge.close()
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)


def _start_warden(line: socket.socket, wire: socket.socket, options: dict, rules, app) -> None:
    """Become the submission's first process; never return."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        if not options["trust"]:
            confinement.be_student(*options["user"])
        from rnn_course.grading.sandbox import supervisor

        supervisor.keep(line, wire, options, rules, app)
        status = 0
    except BaseException:
        _say_what_failed(line)
    finally:
        os._exit(status)


def _say_what_failed(line: socket.socket) -> None:
    with suppress(OSError):
        line.sendall(json.dumps({"failed": traceback.format_exc()[-2000:]}).encode() + b"\n")


if __name__ == "__main__":
    Path("/").exists()
    main()
