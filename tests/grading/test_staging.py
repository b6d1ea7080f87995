import os
from pathlib import Path

import pytest

from rnn_course.grading.intake.staging import MAX_FILES, plain_name, stage
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.protocol.scratch_folder import write_files

LIMITS = Limits(disk_bytes=2 * MIB)


def test_plain_files_are_taken_with_their_folders(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "cw.ipynb").write_text("{}")
    (tmp_path / "data" / "w.txt").write_text("1")
    staged = stage(tmp_path, LIMITS)
    assert staged.files == {"cw.ipynb": b"{}", "data/w.txt": b"1"}
    assert staged.left_out == ()


def test_no_folder_is_no_files() -> None:
    assert stage(None, LIMITS).files == {}


def test_links_pipes_and_folders_behind_links_are_left_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("secret")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "link").symlink_to(secret / "key")
    (folder / "folder").symlink_to(secret)
    os.mkfifo(folder / "pipe")
    staged = stage(folder, LIMITS)
    assert staged.files == {}
    assert any("'link' was left out: it cannot be opened" in text for text in staged.left_out)
    assert any("'pipe' was left out: it is not a plain file" in text for text in staged.left_out)


@pytest.mark.parametrize(
    "name", ["a\nb.py", "a\x1b[2J.py", "a:b", "x" * 200, "..", "", "a\\b", "a\u202ename"]
)
def test_odd_names_are_not_plain(name: str) -> None:
    assert not plain_name(name)


def test_a_name_with_a_newline_is_left_out_and_shown_harmlessly(tmp_path: Path) -> None:
    (tmp_path / "a\nb.py").write_text("")
    staged = stage(tmp_path, LIMITS)
    assert staged.files == {}
    assert staged.left_out == (r"'a\nb.py' was left out: its name has unusual characters.",)


def test_size_number_and_depth_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(2 * MIB))
    deep = tmp_path / "a" / "b" / "c" / "d" / "e" / "f"
    deep.mkdir(parents=True)
    (deep / "x").write_text("")
    for number in range(MAX_FILES + 5):
        (tmp_path / f"n{number:04}").write_text("")
    staged = stage(tmp_path, LIMITS)
    assert len(staged.files) == MAX_FILES
    assert any(
        "'large' was left out: it is too large (2097152 bytes)" in t for t in staged.left_out
    )
    assert any("too many files" in text for text in staged.left_out)
    assert not any("e/f" in name for name in staged.files)


def test_what_was_taken_can_be_put_down(tmp_path: Path) -> None:
    write_files({"a/b/c.txt": b"1"}, tmp_path)
    assert (tmp_path / "a/b/c.txt").read_bytes() == b"1"
