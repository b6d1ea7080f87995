"""On a busy machine starts take long: they are waited for, told as time-outs, tried again."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from rnn_course.errors import ConfinementError, StartTimeoutError
from rnn_course.grading.host import doctor, fork_server_process, kernel_client, patience
from rnn_course.grading.host.bubblewrap import FORK_ENVIRONMENT
from rnn_course.grading.host.fork_server_process import ForkServerProcess, own_launcher
from rnn_course.grading.host.kernel_client import KernelClient
from rnn_course.grading.host.patience import IDLE_SECONDS, WORK_SECONDS, await_start, cpu_seconds
from rnn_course.grading.protocol.limits import Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")


class Started:
    """Something that is ready after a number of looks, a minute and some work apart."""

    def __init__(self, looks: float, work: float) -> None:
        self.looks, self.work, self.seen = looks, work, 0

    def ready(self) -> bool:
        self.seen += 1
        return self.seen > self.looks

    def wait(self) -> str:
        return await_start(self.ready, lambda: self.seen * self.work, lambda: 60.0 * self.seen)


def test_what_works_is_waited_for_however_long_it_takes() -> None:
    assert Started(looks=300, work=0.01).wait() == ""


def test_what_does_nothing_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience.psutil, "getloadavg", lambda: (31.0, 0, 0))
    monkeypatch.setattr(patience.os, "cpu_count", lambda: 2)
    assert Started(looks=300, work=0).wait() == (
        f"a time-out: it has done nothing for {IDLE_SECONDS:.0f} seconds, "
        "and the load is 31.0 on 2 cores"
    )
    assert patience.scaled(60) == 930


def test_what_goes_round_in_circles_is_a_time_out() -> None:
    said = Started(looks=10**6, work=50).wait()
    assert said == f"a time-out: it is not ready after {WORK_SECONDS:.0f} seconds of CPU time"


def test_an_idle_machine_has_the_usual_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience.psutil, "getloadavg", lambda: (0.1, 0, 0))
    assert patience.scaled(60) == 60


def test_the_work_of_children_counts() -> None:
    burn = "import sys, time\nwhile time.process_time() < 0.3: pass\nprint(flush=True); input()"
    shell = f"{sys.executable} -c '{burn}'; true"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(["sh", "-c", shell], **pipes) as process:
        process.stdout.readline()
        assert cpu_seconds(process.pid) >= 0.25
        process.communicate(b"\n")
    assert cpu_seconds(process.pid) == 0


@linux
@pytest.mark.slow
def test_a_fork_server_that_hangs_is_a_time_out_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []

    def command(self, *words):
        made.append(self)
        return ["sh", "-c", "echo frozen; exec cat"]

    monkeypatch.setattr(patience, "IDLE_SECONDS", -1)
    monkeypatch.setattr(ForkServerProcess, "_command", command)
    with pytest.raises(StartTimeoutError) as late:
        fork_server_process._fork_server(False, False, ())
    assert len(made) == 2
    said = str(late.value)
    assert "Got a time-out: it has done nothing for" in said
    assert "fewer workers, and run this again: what was graded is kept." in said
    assert "doctor" not in said


@linux
@pytest.mark.slow
def test_a_fork_server_that_ends_is_no_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ForkServerProcess, "_command", lambda self, *words: ["false"])
    with pytest.raises(ConfinementError, match="with the exit code 1"):
        fork_server_process._fork_server(False, False, ())


@linux
@pytest.mark.slow
def test_a_kernel_that_does_not_answer_is_not_the_students_doing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernel_client, "scaled", lambda seconds: -1.0)
    started = own_launcher().start_kernel(Limits())
    with pytest.raises(StartTimeoutError, match=r"Got a time-out: no answer .* run this again"):
        KernelClient(started, Limits())
    assert started.poll() is not None
    slow = doctor._safely(doctor._kernel)
    assert slow.text().startswith("SLOW    A confined kernel: a time-out: no answer")


def test_the_doctor_does_not_miss_what_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*words, **options):
        raise subprocess.TimeoutExpired(words, 60)

    monkeypatch.setattr(doctor, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.setattr(doctor.subprocess, "run", late)
    slow = [need for need in doctor.diagnose(thorough=False) if need.slow]
    assert [need.what for need in slow] == [
        "A sandbox made by bubblewrap",
        "Namespaces of its own for each submission",
    ]
    assert slow[0].text().startswith("SLOW    A sandbox made by bubblewrap: a time-out, and the")
    assert "no sign of anything missing" in slow[0].text()
    with pytest.raises(StartTimeoutError):
        doctor.require_confinement()


def test_the_debuggers_warning_is_off() -> None:
    assert FORK_ENVIRONMENT["PYDEVD_DISABLE_FILE_VALIDATION"] == "1"
