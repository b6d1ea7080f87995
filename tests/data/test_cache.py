import os
import time
from pathlib import Path

import pytest

from rnn_course.data import cache_dir
from rnn_course.data.cache import atomic_file, atomic_folder


def test_the_environment_chooses_the_cache(cache, monkeypatch):
    assert cache_dir() == cache
    monkeypatch.setenv("RNN_COURSE_CACHE", "~/somewhere")
    assert cache_dir() == Path.home() / "somewhere"


def test_without_a_choice_the_system_has_a_place(monkeypatch):
    monkeypatch.delenv("RNN_COURSE_CACHE")
    assert cache_dir().is_absolute()
    assert "rnn-course" in cache_dir().parts


@pytest.mark.parametrize("atomic", [atomic_folder, atomic_file])
def test_a_failure_leaves_nothing(tmp_path, atomic):
    def fail():
        with atomic(tmp_path / "new") as partial:
            file = partial / "file" if partial.is_dir() else partial
            file.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not list(tmp_path.iterdir())


def test_nothing_is_seen_before_the_end(tmp_path):
    with atomic_folder(tmp_path / "new") as partial:
        (partial / "file").write_text("whole")
        assert not (tmp_path / "new").exists()
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "file"]


def test_whoever_finishes_first_wins(tmp_path):
    with atomic_folder(tmp_path / "new") as late:
        (late / "file").write_text("late")
        with atomic_folder(tmp_path / "new") as early:
            (early / "file").write_text("early")
    assert (tmp_path / "new" / "file").read_text() == "early"
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_file_replaces_the_one_before(tmp_path):
    for text in ("old", "new"):
        with atomic_file(tmp_path / "list.txt") as partial:
            partial.write_text(text)
    assert (tmp_path / "list.txt").read_text() == "new"


def test_what_killed_processes_left_is_swept_away_after_a_day(tmp_path):
    old, fresh = tmp_path / ".new-partial-old", tmp_path / ".new-partial-fresh"
    old.mkdir()
    fresh.mkdir()
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    with atomic_folder(tmp_path / "new"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"new", ".new-partial-fresh"}
