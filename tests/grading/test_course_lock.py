"""Two runs at once: the second one hears who is at work, and a dead one is in nobody's way."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.course_lock import only_writer

HOLD = """
import sys
from pathlib import Path
from rnn_course.grading.gradebook.course_lock import only_writer
with only_writer(Path(sys.argv[1]), "rnn-course autograde toy"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(root: Path) -> subprocess.Popen:
    words = [sys.executable, "-c", HOLD, str(root)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_one_hears_who_is_at_work_since_when(tmp_path: Path) -> None:
    first = holder(tmp_path)
    with pytest.raises(GradingError) as refused, only_writer(tmp_path, "mine"):
        pass
    said = str(refused.value)
    assert said.startswith(f"Expected nobody else to be writing marks of {tmp_path}. Got ")
    assert f"`rnn-course autograde toy`, process {first.pid} of " in said
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", said)
    assert said.endswith("Wait until that has finished, or end it; what it has graded is kept.")
    first.communicate("")
    with only_writer(tmp_path, "mine"):
        pass


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    first = holder(tmp_path)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    left = tmp_path / ".grading.holder.json"
    assert json.loads(left.read_text())["process"] == str(first.pid)
    with only_writer(tmp_path, "mine"):
        assert json.loads(left.read_text())["process"] == str(os.getpid())
    assert not left.exists()


def test_who_has_not_yet_said_what_it_does_is_told_all_the_same(tmp_path: Path) -> None:
    first = holder(tmp_path)
    (tmp_path / ".grading.holder.json").write_text("{")
    with (
        pytest.raises(GradingError, match="Got another process that has begun just now"),
        only_writer(tmp_path, "mine"),
    ):
        pass
    first.communicate("")


def test_an_error_in_between_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_writer(tmp_path, "mine"):
        raise ZeroDivisionError
    with only_writer(tmp_path, "mine"):
        pass
