import numpy as np
import pytest

from rnn_course.data import held_back, synthetic_speech
from rnn_course.data.cache import cache_dir
from rnn_course.data.held_back import held_back_speech

pytestmark = pytest.mark.slow


@pytest.fixture
def small(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(held_back, "SPEAKERS", 2)
    monkeypatch.setattr(held_back, "TAKES", 1)


def test_each_seed_has_clips_of_its_own_and_keeps_them(small, monkeypatch):
    features, labels = held_back_speech(1, ("one", "two"))
    assert features.shape == (4, 32, 20)
    assert features.dtype == np.float32
    assert labels.tolist() == [0, 0, 1, 1]
    other, _ = held_back_speech(2, ("one", "two"))
    assert not np.array_equal(features, other)
    monkeypatch.setattr(synthetic_speech, "generate", None)
    again, _ = held_back_speech(1, ("one", "two"))
    np.testing.assert_array_equal(features, again)


def test_nothing_of_it_is_in_the_cache_that_student_code_may_read(small):
    held_back_speech(1, ("one",))
    assert not list(cache_dir().rglob("*.safetensors"))


def test_a_damaged_file_is_made_again(small):
    features, _ = held_back_speech(1, ("one",))
    (stored,) = cache_dir().parent.rglob("*.safetensors")
    stored.write_bytes(b"cut short")
    np.testing.assert_array_equal(held_back_speech(1, ("one",))[0], features)
