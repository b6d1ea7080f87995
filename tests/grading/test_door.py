"""One warm parent for all workers of a machine."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnn_course.grading.host.fork_server_process import shared_wall
from rnn_course.grading.host.shared_fork_server import door, warm_parent

pytestmark = pytest.mark.slow

WORKER = """
from rnn_course.grading.host.kernel_client import ConfinedKernel
from rnn_course.grading.host.shared_fork_server import warm_parent
from rnn_course.grading.protocol.limits import Limits
for line in iter(input, "end"):
    parent = warm_parent(trust=False, gpu=False)
    kernel = ConfinedKernel(parent.start_kernel(Limits()), Limits())
    print(kernel.run(line).outputs[0].text, parent.folder, flush=True)
    kernel.close()
"""


class Worker:
    """A process that runs a line of code in a kernel of the parent it is led to."""

    def __init__(self, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        said = [self.process.stdout.readline() for _ in range(2)]
        return said[0].strip(), said[1].strip()

    def end(self):
        self.process.communicate("end\n")
        return self.process.returncode


def only_child(pid):
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())


def test_workers_share_one_parent_and_get_a_new_one_when_it_dies():
    ours = str(shared_wall().warm.folder)
    with door(trust=False, gpu=False) as environment:
        workers = [Worker(environment) for _ in range(2)]
        assert [worker.run(f"print({n})") for n, worker in enumerate(workers)] == [
            ("0", ours),
            ("1", ours),
        ]
        bubblewrap = shared_wall()._process.pid
        os.kill(only_child(only_child(bubblewrap)), signal.SIGKILL)
        while shared_wall().warm.folder == Path(ours):
            time.sleep(0.01)
        after = [worker.run("print(3)") for worker in workers]
        assert [worker.end() for worker in workers] == [0, 0]
    theirs = {folder for _, folder in after}
    assert [said for said, _ in after] == ["3", "3"]
    assert theirs == {str(shared_wall().warm.folder)} != {ours}


def test_where_there_is_no_door_a_process_has_its_own():
    assert warm_parent(trust=False, gpu=False) is shared_wall()


def test_kernels_that_cannot_be_forked_are_not_shared(monkeypatch):
    monkeypatch.setattr("rnn_course.grading.host.fork_server_process.sys.platform", "darwin")
    monkeypatch.setattr(
        "rnn_course.grading.host.fork_server_process._keep_wall", lambda *settings: []
    )
    with door(trust=True, gpu=False) as environment:
        assert environment == {}
