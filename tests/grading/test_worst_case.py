"""What a submission can take where memory is counted: the arithmetic, and that bounds are real."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rnn_course.grading.host import memory_bound
from rnn_course.grading.host.kernel_client import running_kernel
from rnn_course.grading.host.memory_bound import system_settings
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.protocol.worst_case import (
    QUEUED_SIGNALS,
    SystemSettings,
    megabytes,
    worst_case,
)

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")


def costs(limits: Limits = Limits(), **system: int) -> dict[str, int]:
    return {cost.what: cost.total for cost in worst_case(limits, SystemSettings(**system))}


def test_full_sockets_stay_below_the_limit_on_memory() -> None:
    limits = Limits()
    assert costs()["sockets and pipes"] == 64 * 128 * (212_992 + 65_536 + 4096)
    assert costs()["sockets and pipes"] < limits.memory_bytes
    assert costs(replace(limits, open_files=256))["sockets and pipes"] > limits.memory_bytes


def test_every_limit_and_setting_moves_what_it_bounds() -> None:
    plain = costs()

    def moved(by: dict[str, int]) -> set[str]:
        return {what for what, total in by.items() if total != plain[what]}

    limits = Limits()
    assert moved(costs(replace(limits, memory_bytes=1))) == {"pages, page tables, swap"}
    assert moved(costs(replace(limits, disk_bytes=1))) == {"scratch folder: content"}
    assert moved(costs(socket_buffer=1)) == {"sockets and pipes", "sockets on their way"}
    assert moved(costs(mappings=1)) == {"mappings"}
    assert "processes and threads" in moved(costs(replace(limits, processes=1)))
    assert "epoll watches" in moved(costs(replace(limits, open_files=10)))


def test_the_documented_worst_case_is_the_computed_one() -> None:
    computed = worst_case(Limits(), SystemSettings())
    rows = [
        f"| {cost.what} | {cost.number} | {cost.each} | {megabytes([cost])} | {cost.bound} |"
        for cost in computed
    ]
    page = (Path(__file__).parents[2] / "docs" / "wall.md").read_text()
    assert "\n".join([*rows, f"| all | | | {megabytes(computed)} | |"]) in page


def test_a_pipe_counts_where_it_holds_more_than_a_socket() -> None:
    large = costs(socket_buffer=1, page=65_536)["sockets and pipes"]
    assert large == 64 * 128 * (16 * 65_536 + 4096)


def test_megabytes_are_rounded_up() -> None:
    assert megabytes(()) == 0
    everything = worst_case(Limits(), SystemSettings())
    assert 0 <= megabytes(everything) * 10**6 - sum(cost.total for cost in everything) < 10**6


@on_linux
def test_the_numbers_are_those_that_the_system_keeps() -> None:
    code = (
        "import resource, os\n"
        "names = ('NPROC', 'NOFILE', 'SIGPENDING')\n"
        "[resource.getrlimit(getattr(resource, f'RLIMIT_{name}'))[1] for name in names]"
    )
    limits = Limits()
    with running_kernel(limits=limits) as kernel:
        kept = kernel.run(code).outputs[0].data["text/plain"]
        fits = kernel.run(
            "import socket\n"
            "one, other = socket.socketpair()\n"
            "one.setblocking(False)\n"
            "sent = 0\n"
            "try:\n    while True: sent += one.send(bytes(60_000))\n"
            "except BlockingIOError: pass\n"
            "sent"
        )
    assert kept == f"[{limits.processes}, {limits.open_files}, {QUEUED_SIGNALS}]"
    buffer = SystemSettings().socket_buffer
    assert buffer // 2 < int(fits.outputs[0].data["text/plain"]) < buffer + 65_536


FULL_SOCKETS = """
import os, signal, socket
keep, children = [], []
reading, writing = os.pipe()
def fill():
    for _ in range(25):
        for end in socket.socketpair():
            keep.append(end)
            end.setblocking(False)
            try:
                while True: end.send(bytes(60_000))
            except BlockingIOError: pass
for _ in range({processes}):
    if not os.fork():
        try:
            fill()
            os.write(writing, b"f")
            signal.pause()
        finally:
            os._exit(0)
for _ in range({processes}):
    os.read(reading, 1)
signal.pause()
"""


@on_linux
@pytest.mark.slow
def test_sockets_beyond_the_limit_on_memory_end_the_submission() -> None:
    # 45 × 50 sockets of 256 KiB each are 563 MiB
    limits = Limits(cell_seconds=60, memory_bytes=512 * MIB)
    with running_kernel(limits=limits) as kernel:
        done = kernel.run(FULL_SOCKETS.format(processes=45))
    assert (done.status, done.limit) == ("crashed", "memory")


@on_linux
def test_batches_from_workers_may_be_kept() -> None:
    # each would hold a descriptor, of which there are few
    code = (
        "import torch\n"
        "loader = torch.utils.data.DataLoader(torch.zeros(300, 2), batch_size=1, num_workers=2)\n"
        "len(list(loader))"
    )
    with running_kernel() as kernel:
        done = kernel.run(code)
    assert done.outputs[-1].data["text/plain"] == "300"


def test_the_machine_is_asked_for_its_settings(tmp_path: Path) -> None:
    (tmp_path / "net/core").mkdir(parents=True)
    (tmp_path / "net/core/wmem_default").write_text("4000\n")
    assert system_settings(tmp_path) == SystemSettings(socket_buffer=4000)
    assert system_settings(tmp_path / "none") == SystemSettings()


def test_the_doctor_says_what_is_counted_and_what_it_may_come_to(monkeypatch) -> None:
    monkeypatch.setattr(memory_bound, "system_settings", SystemSettings)
    said = memory_bound.describe(Limits(), None)
    assert said.startswith("counted, worst case 7")
    parts = [int(number) for number in re.findall(r"(\d+) MB", said)]
    costs = worst_case(Limits(), SystemSettings())
    assert parts == [megabytes(costs), megabytes(costs[:1]), megabytes(costs[1:])]
    assert parts[1] == 3222  # 3072 MiB
