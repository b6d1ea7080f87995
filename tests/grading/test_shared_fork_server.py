"""One fork server for all workers of a machine."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnn_course.grading.host.fork_server_process import own_launcher
from rnn_course.grading.host.shared_fork_server import find_launcher, share_fork_server

pytestmark = pytest.mark.slow

WORKER = """
from rnn_course.grading.host.kernel_client import KernelClient
from rnn_course.grading.host.shared_fork_server import find_launcher
from rnn_course.grading.protocol.limits import Limits
for line in iter(input, "end"):
    server = find_launcher(trust=False, gpu=False)
    kernel = KernelClient(server.start_kernel(Limits()), Limits())
    print(kernel.run(line).outputs[0].text, server.folder, flush=True)
    kernel.close()
"""


class Worker:
    """A process that runs a line of code in a kernel of the fork server it is led to."""

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


def test_workers_share_one_fork_server_and_get_a_new_one_when_it_dies():
    ours = str(own_launcher().client.folder)
    with share_fork_server(trust=False, gpu=False) as environment:
        workers = [Worker(environment) for _ in range(2)]
        assert [worker.run(f"print({n})") for n, worker in enumerate(workers)] == [
            ("0", ours),
            ("1", ours),
        ]
        bubblewrap = own_launcher()._process.pid
        os.kill(only_child(only_child(bubblewrap)), signal.SIGKILL)
        while own_launcher().client.folder == Path(ours):
            time.sleep(0.01)
        after = [worker.run("print(3)") for worker in workers]
        assert [worker.end() for worker in workers] == [0, 0]
    theirs = {folder for _, folder in after}
    assert [said for said, _ in after] == ["3", "3"]
    assert theirs == {str(own_launcher().client.folder)} != {ours}


def test_where_no_fork_server_is_shared_a_process_has_its_own():
    assert find_launcher(trust=False, gpu=False) is own_launcher()


def test_kernels_that_cannot_be_forked_are_not_shared(monkeypatch):
    monkeypatch.setattr("rnn_course.grading.host.fork_server_process.sys.platform", "darwin")
    monkeypatch.setattr(
        "rnn_course.grading.host.fork_server_process._launchers_of", lambda *settings: []
    )
    with share_fork_server(trust=True, gpu=False) as environment:
        assert environment == {}
