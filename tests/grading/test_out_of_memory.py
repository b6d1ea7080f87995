"""Who is ended first when the machine runs out of memory: a submission, and the judge last."""

import sys
from pathlib import Path

import psutil
import pytest

from rnn_course.grading.host.fork_server_process import own_launcher
from rnn_course.grading.host.kernel_client import running_kernel

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

CHILD = "import subprocess\nchild = subprocess.Popen(['sleep', '1000'])"


def score(process: int | str) -> int:
    return int(Path(f"/proc/{process}/oom_score_adj").read_text())


def world_of(process: psutil.Process) -> list[int]:
    """Return the numbers of a process in the worlds that it is in, the innermost last."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next([*map(int, line.split()[1:])] for line in lines if line.startswith("NSpid:"))


@pytest.mark.parametrize("trust", [False, True])
def test_a_submission_is_first_in_line_and_the_judge_last(trust: bool) -> None:
    judge = score("self")
    with running_kernel(trust=trust) as kernel:
        assert kernel.run(CHILD).status == "ok"
        launcher = own_launcher(trust=trust)
        below = psutil.Process(launcher._process.pid).children(recursive=True)
        (child,) = [process for process in below if process.name() == "sleep"]
        kernels = child.parent()
        supervisor = kernels.parent()
        line = [child, kernels, supervisor, supervisor.parent()]
        scores = [score(process.pid) for process in line]
        assert scores == [1000, 1000, max(500, judge), max(250, judge)]
        assert trust or world_of(supervisor)[-1] == 1
    assert score("self") == judge


def test_student_code_cannot_leave_the_line() -> None:
    attempts = (
        "came = []\n"
        "for who in ('self', '1'):\n"
        "    for file, text in (('oom_score_adj', '0'), ('oom_adj', '0')):\n"
        "        try:\n            open(f'/proc/{who}/{file}', 'w').write(text)\n"
        "        except OSError as error:\n            came.append(type(error).__name__)\n"
        "came, int(open('/proc/self/oom_score_adj').read())"
    )
    with running_kernel() as kernel:
        done = kernel.run(attempts)
    assert (
        done.outputs[0].data["text/plain"].replace("\n", "") == f"({['PermissionError'] * 4}, 1000)"
    )
