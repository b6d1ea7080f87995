"""Every command of docs/instructors/grading.md runs as it is written, in its order."""

import re
import shlex
import sys
import zipfile
from pathlib import Path

import pytest
import toy
from conftest import NAME, hand_in
from documented import commands_to_run, run_as_written

TEXT = (Path(__file__).parents[2] / "docs" / "instructors" / "grading.md").read_text()
COMMANDS = [line.partition("#")[0].strip() for line in commands_to_run(TEXT).splitlines()]


@pytest.fixture
def prepared(course: Path, tmp_path: Path) -> Path:
    """A class that was collected from an exchange, with downloads of Moodle and Canvas beside."""
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    config = course / "nbgrader_config.py"
    plugin = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    (course / "late_rules.py").write_text(plugin[0])
    lines = [config.read_text(), plugin[1], f"c.Exchange.root = {str(exchange)!r}\n"]
    config.write_text("\n".join(lines))
    said = {"timestamp.txt": "2026-01-10 13:00:00 UTC", "submission_secret.txt": "s3cret"}
    hand_in(course, "ada", toy_ipynb=toy.text(), **said)
    for name, inside in {
        "all_submissions.zip": "Ada_501_assignsubmission_file_/toy.ipynb",
        "submissions.zip": "ada_7001_9001_toy.ipynb",
    }.items():
        with zipfile.ZipFile(course / name, "w") as packed:
            packed.writestr(inside, "x")
    return course


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) == 8
    assert {shlex.split(command)[0] for command in COMMANDS} == {"rnn-course"}


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
@pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
# nbgrader passes itself an argument that it does not know, and leaves a file open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning")
def test_every_command_runs_as_written(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "late_rules", raising=False)
    run_as_written("\n".join(COMMANDS).replace("cw2_speech_commands", NAME), prepared)
    made = {path.name for path in (prepared / "returned").iterdir()}
    assert made == {"toy-folders", "toy-moodle.zip", "toy-canvas.zip"}
