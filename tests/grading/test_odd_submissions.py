"""Whatever is beside a submission, it gets a sentence, and no other submission suffers for it."""

import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import toy
from conftest import NAME, clock_in, hand_in
from nbformat.v4 import new_markdown_cell

from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import Submission, read_submission
from rnn_course.grading.intake.timestamp import parsed_time, read_timestamp
from rnn_course.grading.judge.result_store import ResultStore, replace_file
from rnn_course.grading.protocol.limits import Limits


def taken(folder: Path, release: Release = toy.RELEASE) -> Submission:
    return read_submission(folder, "ada", release, Limits())


def said(submission: Submission) -> str:
    return " ".join(remark.message for remark in submission.remarks)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A submission's folder, with the right answers."""
    folder = tmp_path / "submitted" / "ada" / NAME
    folder.mkdir(parents=True)
    (folder / "toy.ipynb").write_text(toy.text())
    return folder


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-20 10:30:00.5 UTC", datetime(2026, 11, 20, 10, 30, 0, 500_000)),
        ("2026-11-20 10:30:00 America/Los_Angeles", datetime(2026, 11, 20, 18, 30)),
        ("2026-11-20 10:30:00 +0200", datetime(2026, 11, 20, 8, 30)),
        ("2026-11-20 10:30:00", datetime(2026, 11, 20, 10, 30)),
        ("\n", None),
    ],
)
def test_a_timestamp_is_read_as_nbgrader_reads_it(folder: Path, text: str, time: datetime) -> None:
    (folder / "timestamp.txt").write_text(text)
    assert read_timestamp(folder) == (time, "")


@pytest.mark.parametrize("text", ["yesterday", "10:30", "2026", "99999-1-1", "\x00\xff", "x" * 900])
def test_a_timestamp_that_is_no_time_is_said_and_costs_nothing(folder: Path, text: str) -> None:
    (folder / "timestamp.txt").write_text(text)
    submission = taken(folder)
    assert submission.text == toy.text()
    assert f"timestamp.txt says {text.strip()[:60]!a}, which is no time" in said(submission)


def test_a_timestamp_may_be_anything_but_a_file(folder: Path) -> None:
    path = folder / "timestamp.txt"
    path.mkdir()
    assert read_timestamp(folder)[1].startswith("timestamp.txt is not a plain file: nobody knows")
    path.rmdir()
    os.mkfifo(path)
    assert read_timestamp(folder)[1].startswith("timestamp.txt is not a plain file: nobody knows")
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert read_timestamp(folder)[1].startswith("timestamp.txt cannot be read (")


def test_a_time_without_a_zone_is_one_of_this_machines_clock() -> None:
    with clock_in("UTC-3"):  # three hours ahead, as POSIX writes it
        found = parsed_time("20 November 2026, 11:00 PM")
    assert found == datetime(2026, 11, 20, 20, tzinfo=UTC)


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    gone, link = tmp_path / "gone", tmp_path / "link"
    link.symlink_to(tmp_path)
    assert "The folder cannot be read (No such file or directory)" in taken(gone).problem
    assert "a link, which is not followed" in taken(link).problem


def test_an_inner_folder_that_cannot_be_read_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").mkdir()
    opened = os.open

    def refuse(path, *arguments, **about):  # root, who runs CI, may read everything
        if path == "data":
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *arguments, **about)

    monkeypatch.setattr(os, "open", refuse)
    submission = taken(folder)
    assert submission.text == toy.text()
    assert "'data' was left out: Permission denied." in said(submission)


def test_a_folder_named_like_the_notebook_is_none(tmp_path: Path) -> None:
    (tmp_path / "toy.ipynb").mkdir()
    assert "no file .ipynb among the 0" in taken(tmp_path).problem


def asking(*names: str) -> Release:
    """Return the toy coursework, its notebook speaking of some files."""
    notebook = toy.notebook()
    notebook.cells += [new_markdown_cell(f"Hand in `{name}`.") for name in names]
    return Release(toy.COURSEWORK, notebook)


@pytest.mark.parametrize(
    "name",
    ["model (1).safetensors", "model-1.safetensors", "Model - Copy.safetensors"],
)
def test_files_that_a_browser_renamed_are_found(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"1")
    submission = taken(folder, asking("model.safetensors"))
    assert submission.files == {"model.safetensors": b"1"}
    assert f"{name!a} was taken for model.safetensors." in said(submission)


def test_of_renamed_files_the_last_counts_and_of_others_their_own_name(folder: Path) -> None:
    files = {"model (1).safetensors": b"1", "model (2).safetensors": b"2", "model-3.py": b"3"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found = taken(folder, asking("model.safetensors")).files
    assert found["model.safetensors"] == b"2"
    assert found["model (1).safetensors"] == b"1"
    assert found["model-3.py"] == b"3"
    (folder / "model.safetensors").write_bytes(b"0")
    assert taken(folder, asking("model.safetensors")).files == {"model.safetensors": b"0"} | files


def test_a_hard_link_is_told_with_whose_file_it_is(folder: Path) -> None:
    other = folder.parents[1] / "bob" / NAME
    other.mkdir(parents=True)
    os.link(folder / "toy.ipynb", other / "toy.ipynb")
    submission = taken(folder)
    assert submission.text == toy.text()
    (remark,) = submission.remarks
    assert remark.kind == "linked"
    assert remark.message == (
        "'toy.ipynb' is the same file on the disk as bob/toy/toy.ipynb. Look whose work it is; "
        "no marks depend on that."
    )


def test_a_hard_link_to_something_else_is_told_too(folder: Path, tmp_path: Path) -> None:
    os.link(folder / "toy.ipynb", tmp_path / "elsewhere")
    assert "it has another name, outside of what this class handed in" in said(taken(folder))


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_who_may_read_what_is_written_is_for_the_umask_to_say(
    tmp_path: Path, umask: int, mode: int
) -> None:
    before = os.umask(umask)
    try:
        replace_file(tmp_path / "a", "1")
        replace_file(tmp_path / "a", "2")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_text() == "2"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
def test_a_class_with_odd_submissions_is_graded_whole(course: Path) -> None:
    for student in ("ada", "late", "pipe", "zoe"):
        hand_in(course, student, toy_ipynb=toy.text())
    odd = {name: hand_in(course, name) for name in ("folder", "fifo", "dangling", "linked")}
    hand_in(course, "broken", toy_ipynb="{ this is not JSON")
    (course / "submitted" / "late" / NAME / "timestamp.txt").write_text("yesterday")
    os.mkfifo(course / "submitted" / "pipe" / NAME / "timestamp.txt")
    (odd["folder"] / "toy.ipynb").mkdir()
    os.mkfifo(odd["fifo"] / "toy.ipynb")
    (odd["dangling"] / "toy.ipynb").symlink_to("nowhere")
    os.link(course / "submitted" / "ada" / NAME / "toy.ipynb", odd["linked"] / "toy.ipynb")
    for name in ("file", "nowhere"):
        (course / "submitted" / name).mkdir()
    (course / "submitted" / "file" / NAME).write_text(toy.text())
    (course / "submitted" / "nowhere" / NAME).symlink_to("nowhere")
    tally = autograde(course, NAME, Settings(workers=2))
    assert not tally.ungraded
    found = Course(course).marks(NAME, tally.graded)
    nothing = ("broken", "folder", "fifo", "dangling", "file", "nowhere")
    right = {"ada", "late", "pipe", "zoe", "linked"}
    assert {one.student: sum(one.scores.values()) for one in found} == {
        name: 12 * (name in right) for name in (*right, *nothing)
    }
    store = ResultStore(course, NAME)
    messages = {
        name: " ".join(incident["message"] for incident in store.result(name)["incidents"])
        for name in tally.graded
    }
    assert "'yesterday', which is no time" in messages["late"]
    assert "timestamp.txt is not a plain file" in messages["pipe"]
    assert "the same file on the disk as linked/toy/toy.ipynb" in messages["ada"]
    assert "the same file on the disk as ada/toy/toy.ipynb" in messages["linked"]
    assert messages["zoe"] == ""
    assert all(messages[name] for name in nothing)
    assert "a file where a folder should be" in messages["file"]
    assert "a link, which is not followed" in messages["nowhere"]
