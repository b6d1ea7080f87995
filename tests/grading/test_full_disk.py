"""A full disk: one sentence, nothing half-written, and the next run goes on."""

import errno
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import toy
from conftest import NAME, hand_in

from rnn_course.errors import GradingError
from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.full_disk import full_disk_told, is_full
from rnn_course.grading.host.bubblewrap import find_bwrap
from rnn_course.grading.judge.result_store import replace_file
from rnn_course.grading.protocol.limits import MIB

linux = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")


def no_room(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Let every file that is begun below a folder be one that takes nothing."""
    begun = Path.open

    def opened(path: Path, mode: str = "r", *rest: Any, **words: Any) -> Any:
        file = begun(path, mode, *rest, **words)
        if "x" not in mode or folder not in str(path):
            return file
        file.close()
        return begun(Path("/dev/full"), "w", *rest, **words)

    monkeypatch.setattr(Path, "open", opened)


def unfinished(root: Path) -> list[Path]:
    return list(root.rglob(".writing-*"))


@linux
def test_a_file_that_finds_no_room_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_file(tmp_path / "a", "old")
    no_room(monkeypatch, str(tmp_path))
    with pytest.raises(OSError, match="No space left") as full:
        replace_file(tmp_path / "a", "new")
    assert is_full(full.value)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


def test_other_errors_are_no_full_disk(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), full_disk_told(tmp_path):
        raise PermissionError(errno.EACCES, "no", "x")


def graded(root: Path) -> set[str]:
    """Return who has marks; whoever has none, has no notebook in autograded/ either."""
    course = Course(root)
    found = {student for student, marks in course.automatic(NAME).items() if marks}
    there = {path.parents[1].name for path in (root / "autograded").rglob("toy.ipynb")}
    assert there == found
    return found


@linux
@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("folder", ["autograded/bob", "results/toy/bob"])
def test_a_run_that_finds_no_room_says_so_and_the_next_one_goes_on(
    course: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    for student in ("ada", "bob", "cyd"):
        hand_in(course, student, toy_ipynb=toy.text())
    with monkeypatch.context() as patch:
        no_room(patch, folder)
        with pytest.raises(GradingError) as told:
            autograde(course, NAME, Settings())
    said = str(told.value)
    assert said.startswith(f"Expected room on the disk of {course}. Got no space left to write ")
    assert said.endswith(
        "Make room and run this again: what was graded is kept, and nothing is half-written."
    )
    assert "\n" not in said
    assert not unfinished(course)
    # marks of several may be written before the first result is
    there = graded(course)
    assert there == {"ada"} if folder.startswith("auto") else there >= {"ada", "bob"}
    tally = autograde(course, NAME, Settings())
    assert (tally.graded, tally.unchanged) == (["bob", "cyd"], ["ada"])
    assert graded(course) == {"ada", "bob", "cyd"}


ON_A_SMALL_DISK = """
import shutil, sys
from pathlib import Path
from rnn_course.cli import main
folder = Path("/mnt")
shutil.copytree(sys.argv[1], folder, dirs_exist_ok=True)
sys.argv[1:] = ["autograde", "toy", "--root", "/mnt"]

def run():
    try:
        main()
    except SystemExit as ended:
        print("exit", ended.code, flush=True)

filler = folder / "filler"
with filler.open("wb") as file:
    left = shutil.disk_usage(folder).free - LEFT
    file.write(bytes(max(0, left)))
run()
print("left", sorted(str(path) for path in folder.rglob(".writing-*")))
for path in sorted(folder.glob("autograded/*/toy/*.ipynb")):
    print("there", path.parts[3])
filler.unlink()
run()
"""


@linux
@pytest.mark.slow
@pytest.mark.parametrize("kib", [40, 140])
def test_a_class_on_a_disk_that_fills_up(course: Path, kib: int) -> None:
    """A real file system of two megabytes: wherever it is that room runs out."""
    for number in range(4):
        hand_in(course, f"student{number}", toy_ipynb=toy.text())
    program = ON_A_SMALL_DISK.replace("LEFT", str(kib * 1024))
    words = [find_bwrap(), "--dev-bind", "/", "/", "--size", str(2 * MIB), "--tmpfs", "/mnt"]
    words += [sys.executable, "-c", program, str(course)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    first, _, second = done.stdout.partition("left []")
    assert second, done.stdout
    assert "exit 2" in first
    lines = done.stderr.strip().splitlines()  # Dask may tell of work that it had to drop
    said = [line for line in lines if " - distributed." not in line]
    assert len(said) == 1, said
    assert said[0].startswith("GradingError: Expected room on the disk of /mnt. Got no space left")
    whole = second.count("there ")
    assert f"{4 - whole} graded, {whole} unchanged, 0 not graded" in second
    assert "exit 0" in second


@linux
@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_what_cannot_be_written_for_one_student_stops_nobody(course: Path) -> None:
    for student in ("ada", "bob"):
        hand_in(course, student, toy_ipynb=toy.text())
    (course / "autograded").mkdir()
    (course / "autograded" / "ada").write_text("a file where a folder should be")
    tally = autograde(course, NAME, Settings())
    assert tally.graded == ["bob"]
    assert "Its marks could not be written: " in tally.ungraded["ada"]
    assert "autograded/ada" in tally.ungraded["ada"]


@linux
@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_what_a_killed_run_left_half_written_is_swept(course: Path) -> None:
    hand_in(course, "ada", toy_ipynb=toy.text())
    for folder in ("autograded/ada/toy", "results/toy/ada"):
        (course / folder).mkdir(parents=True)
        (course / folder / ".writing-abc").write_text("half")
    autograde(course, NAME, Settings())
    assert not unfinished(course)
