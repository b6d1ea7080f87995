"""What was handed in and has not changed is known without being read again."""

import os
from pathlib import Path

import pytest

from rnn_course.grading.classroom.known_submissions import KnownSubmissions, looked_at

HOW = {"checks": "of today"}
LATER = 10**10  # nanoseconds


class Reader:
    """Reads a folder, and counts how often it did.

    Args:
        folder: of the submission.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self.times = folder, 0

    def __call__(self) -> str:
        self.times += 1
        return "+".join(path.read_text() for path in sorted(self._folder.iterdir()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "submitted" / "ada"
    place.mkdir(parents=True)
    (place / "one.ipynb").write_text("first")
    return place


def known(tmp_path: Path, how: dict[str, str] = HOW, after: int = LATER) -> KnownSubmissions:
    """Return what is known when so much time has passed since the last change."""
    youngest = max(looked_at(path)[1] for path in (tmp_path / "submitted").iterdir())
    return KnownSubmissions(tmp_path / "results", how, lambda: youngest + after)


def test_what_is_unchanged_is_read_once(tmp_path: Path, folder: Path) -> None:
    read = Reader(folder)
    first = known(tmp_path)
    assert first.digest("ada", folder, read) == "first"
    first.keep()
    assert known(tmp_path).digest("ada", folder, read) == "first"
    assert read.times == 1


@pytest.mark.parametrize("change", ["content", "time", "another", "link", "away", "as long"])
def test_what_has_changed_is_read_again(tmp_path: Path, folder: Path, change: str) -> None:
    read, notebook = Reader(folder), folder / "one.ipynb"
    (folder / "two").write_text("x")
    first = known(tmp_path)
    first.digest("ada", folder, read)
    first.keep()
    if change == "content":
        notebook.write_text("second")
    elif change == "time":
        os.utime(notebook, (1, 1))
    elif change == "another":
        (folder / "three").write_text("y")
    elif change == "link":
        os.link(notebook, folder.parent.parent / "kept")
    elif change == "away":
        (folder / "two").unlink()
    else:  # with the old time, as a copy has it; the system's own time of change tells
        before = notebook.stat()
        notebook.write_text("tsrif")
        os.utime(notebook, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert known(tmp_path).digest("ada", folder, read) == read()
    assert read.times == 3


def test_what_was_changed_a_moment_ago_is_read_again(tmp_path: Path, folder: Path) -> None:
    read = Reader(folder)
    first = known(tmp_path, after=10**9)
    first.digest("ada", folder, read)
    first.keep()
    known(tmp_path).digest("ada", folder, read)
    assert read.times == 2


def test_with_other_checks_all_is_read_again(tmp_path: Path, folder: Path) -> None:
    read = Reader(folder)
    first = known(tmp_path)
    first.digest("ada", folder, read)
    first.keep()
    known(tmp_path, {"checks": "of tomorrow"}).digest("ada", folder, read)
    assert read.times == 2


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"how": 3}', '{"how": {}, "submissions": 4}'])
def test_a_damaged_file_is_no_knowledge(tmp_path: Path, folder: Path, kept: str) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / ".submissions.json").write_text(kept)
    read = Reader(folder)
    assert known(tmp_path, {}).digest("ada", folder, read) == "first"
    assert read.times == 1


def test_a_folder_that_is_gone_or_endless_is_not_known(tmp_path: Path, folder: Path) -> None:
    assert looked_at(tmp_path / "nobody") == ("", 0)
    for number in range(2000):
        (folder / str(number)).touch()
    assert looked_at(folder) == ("", 0)


def test_a_link_is_not_followed(tmp_path: Path, folder: Path) -> None:
    (folder / "round").symlink_to(folder)
    assert looked_at(folder)[0]
