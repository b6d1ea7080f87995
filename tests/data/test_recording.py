import io

import numpy as np
import pytest
import soundfile

from rnn_course.data.recording import own_clip
from rnn_course.errors import DataError


def recorded(samples, rate=16000, kind="WAV"):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind)
    return file.getvalue()


def tone(seconds, rate=16000, loud=0.1):
    return loud * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)


def test_the_loudest_second_is_cut_out_and_made_as_loud_as_the_clips():
    word = np.concatenate([0.001 * tone(1.5), tone(1.0), 0.001 * tone(2.0)])
    clip = own_clip(recorded(word))
    assert clip.shape == (16000,)
    assert clip.dtype == np.float32
    assert np.abs(clip).max() == pytest.approx(0.5)
    assert np.corrcoef(clip, tone(1.0))[0, 1] > 0.99


def test_any_rate_and_two_channels_will_do():
    both = np.stack([tone(1.2, 44100), tone(1.2, 44100)], axis=1)
    clip = own_clip(recorded(both, 44100))
    crossings = np.count_nonzero(np.diff(np.signbit(clip)))
    assert crossings == pytest.approx(880, rel=0.02)


def test_a_short_recording_is_filled_up_and_a_file_is_read(tmp_path):
    path = tmp_path / "word.flac"
    path.write_bytes(recorded(tone(0.3), kind="FLAC"))
    clip = own_clip(path)
    assert clip.shape == (16000,)
    assert not clip[5000:].any()


@pytest.mark.parametrize(
    ("recording", "said"),
    [
        (b"no sound", r"a sound file \(WAV.*Got 8 bytes: .*convert it"),
        ("nowhere.wav", r"Got nowhere\.wav: .*convert it"),
        (recorded(np.zeros(0)), r"with samples\. Got none\. Record again"),
        (recorded(np.zeros(16000)), r"something is to be heard\. Got silence.*microphone"),
    ],
)
def test_what_is_no_recording_is_said(recording, said):
    with pytest.raises(DataError, match=said):
        own_clip(recording)
