import numpy as np
import pytest

from rnn_course.data.speech_effects import CLIP, SNR_DB, add_noise, add_room, place, record


@pytest.fixture
def speech():
    return np.sin(np.arange(6000) / 7) * np.hanning(6000)


def test_a_recording_is_decided_by_its_generator(speech):
    one, again, other = (record(speech, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (one == again).all()
    assert not np.allclose(one, other)


@pytest.mark.parametrize("length", [1, 6000, CLIP, 3 * CLIP])
def test_a_recording_lasts_a_second_and_does_not_clip(length):
    clip = record(np.ones(length), np.random.default_rng(0))
    assert clip.shape == (CLIP,)
    assert 0.09 < np.abs(clip).max() < 0.9


def test_speech_lands_whole_at_different_moments(speech):
    starts = set()
    for seed in range(20):
        clip = place(speech, np.random.default_rng(seed))
        assert np.abs(clip).sum() == pytest.approx(np.abs(speech).sum())
        starts.add(np.flatnonzero(clip)[0])
    assert len(starts) > 15


def test_a_room_adds_a_decaying_echo(speech):
    heard = add_room(speech, np.random.default_rng(0))
    tail = heard[speech.size :]
    assert tail.size > 0
    half = tail.size // 2
    assert 0 < np.square(tail[half:]).sum() < np.square(tail[:half]).sum()


def test_noise_has_the_ratio_it_should(speech):
    clip = np.zeros(CLIP)
    clip[: speech.size] = speech
    ratios = []
    for seed in range(200):
        noise = add_noise(clip, np.random.default_rng(seed)) - clip
        ratios.append(20 * np.log10(np.linalg.norm(clip) / np.linalg.norm(noise)))
    low, high = SNR_DB
    assert low <= min(ratios) < low + 2
    assert high - 2 < max(ratios) <= high
