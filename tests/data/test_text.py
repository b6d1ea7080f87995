import numpy as np
import pytest

from rnn_course.data import prose, read_text, text, time_machine
from rnn_course.errors import DataError


def test_clean_leaves_letters_and_single_spaces():
    assert text.clean("  The Time-Machine,\n1895: café! ") == "the time machine caf"


def test_prose_is_a_long_clean_text_and_the_same_twice():
    once = prose()
    assert len(once) > 200_000
    assert set(once) == set(" abcdefghijklmnopqrstuvwxyz")
    assert "  " not in once
    assert once == prose()


@pytest.fixture
def novel(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    path = tmp_path / "timemachine.txt"
    path.write_text("The Time Traveller (for so…)", encoding="utf-8")
    return path


def test_time_machine_is_found_by_folder_file_variable_and_cache(novel, monkeypatch):
    expected = "the time traveller for so"
    assert time_machine(novel.parent) == time_machine(novel) == expected
    monkeypatch.setenv("RNN_COURSE_DATA", str(novel.parent))
    assert time_machine() == expected
    monkeypatch.delenv("RNN_COURSE_DATA")
    (novel.parent / "cache" / "downloads").mkdir(parents=True)
    novel.rename(novel.parent / "cache" / "downloads" / "timemachine.txt")
    assert time_machine() == expected


def test_time_machine_is_downloaded_only_when_asked(novel, monkeypatch):
    monkeypatch.setattr(text, "fetch", lambda name, urls, sha256: novel)
    with pytest.raises(DataError, match=r"Call time_machine\(download=True\)"):
        time_machine()
    assert time_machine(download=True) == "the time traveller for so"


def test_a_file_of_ones_own_is_read_and_a_bad_one_refused_by_name(tmp_path):
    good, empty, binary = (tmp_path / name for name in ("good", "empty", "binary"))
    good.write_text("Ah, so!", encoding="utf-8")
    empty.write_text("123 !", encoding="utf-8")
    binary.write_bytes(np.arange(200, 256, dtype=np.uint8).tobytes())
    assert read_text(good) == "ah so"
    with pytest.raises(DataError, match=r"letters a to z in .*empty\. Got 0"):
        read_text(empty)
    with pytest.raises(DataError, match=r"a text in UTF-8 at .*binary.*UnicodeDecodeError"):
        read_text(binary)
    with pytest.raises(DataError, match=r"FileNotFoundError.*Check the path"):
        read_text(tmp_path / "nowhere")
