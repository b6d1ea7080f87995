"""Recordings of the public seed are kept, those of a secret one are not, and old ones go."""

import os

import pytest
from softmax_loss import QUESTION, SOURCE

from rnn_course.checks.recording import record
from rnn_course.checks.recording_data import as_data
from rnn_course.checks.remembered import remembered
from rnn_course.checks.wire import encode
from rnn_course.seeding import PUBLIC_SEED

LONG_AGO = 1_000_000_000


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path))
    return tmp_path / "recordings"


@pytest.fixture(scope="module")
def recording():
    return record(QUESTION.comparison, SOURCE, PUBLIC_SEED, named=False)


def never():
    raise AssertionError("it was made again")


def test_a_recording_of_the_public_seed_is_made_once(kept, recording):
    remembered("some question", PUBLIC_SEED, lambda: recording)
    again = remembered("some question", PUBLIC_SEED, never)
    assert encode(as_data(again)) == encode(as_data(recording))
    with pytest.raises(AssertionError, match="made again"):
        remembered("another question", PUBLIC_SEED, never)


def test_one_of_a_secret_seed_is_written_nowhere(kept, recording):
    assert remembered("some question", 5, lambda: recording) is recording
    assert not kept.exists()


def test_a_damaged_file_is_made_again(kept, recording):
    remembered("some question", PUBLIC_SEED, lambda: recording)
    (path,) = kept.iterdir()
    path.write_bytes(path.read_bytes()[:100])
    assert remembered("some question", PUBLIC_SEED, lambda: recording) is recording


def test_what_nobody_used_for_a_month_goes_when_something_new_comes(kept, recording):
    for name in ("used", "left"):
        remembered(name, PUBLIC_SEED, lambda: recording)
    for path in kept.iterdir():
        os.utime(path, (LONG_AGO, LONG_AGO))
    remembered("used", PUBLIC_SEED, never)
    remembered("new", PUBLIC_SEED, lambda: recording)
    assert len(list(kept.iterdir())) == 2
    remembered("used", PUBLIC_SEED, never)
