"""A cache of its own for every test, small synthetic speech, and files to get wrong."""

import numpy as np
import pytest
import soundfile

from rnn_course.data import synthetic_speech
from rnn_course.data.speech_effects import RATE

COUNT, TAKES = 30, 1  # 24 speakers to train, 3 to validate, 3 to test


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("RNN_COURSE_CACHE", str(folder))
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    return folder


@pytest.fixture(scope="session")
def spoken(tmp_path_factory):
    """The course's three words by a few speakers, as `generate` makes them."""
    folder = tmp_path_factory.mktemp("spoken")
    synthetic_speech.generate(folder, ["one", "two", "three"], count=COUNT, takes=TAKES)
    return folder


@pytest.fixture
def small(monkeypatch):
    """Make the embedded default small."""
    monkeypatch.setattr(synthetic_speech, "SPEAKERS", COUNT)
    monkeypatch.setattr(synthetic_speech, "TAKES", TAKES)


@pytest.fixture
def lab(tmp_path):
    """A folder with one clip a split of the word one; returns it and a writer of clips."""
    folder = tmp_path / "lab"

    def write(name, samples=None, rate=RATE):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if samples is None:
            samples = np.random.default_rng(len(name)).uniform(-0.5, 0.5, RATE)
        soundfile.write(file, samples, rate, subtype="PCM_16")
        return file

    write("one/aaaaaaaa_nohash_0.wav")
    write("one/bbbbbbbb_nohash_0.wav")
    write("one/cccccccc_nohash_0.wav")
    (folder / "validation_list.txt").write_text("one/bbbbbbbb_nohash_0.wav\n")
    (folder / "testing_list.txt").write_text("one/cccccccc_nohash_0.wav\n")
    return folder, write
