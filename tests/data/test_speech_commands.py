import pickle
import subprocess
import sys

import librosa
import numpy as np
import pytest
import soundfile
import torch

from rnn_course.data import SpeechCommands, speech_commands
from rnn_course.data.speech_commands import prepare, read_clip
from rnn_course.data.speech_effects import RATE
from rnn_course.errors import DataError


def test_importing_the_data_sets_imports_neither_torch_nor_librosa():
    code = (
        "import rnn_course.data, sys; assert not {'torch', 'librosa', 'pooch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_item_is_the_features_of_a_clip_and_its_label(spoken):
    data = SpeechCommands("train", root=spoken)
    features, label = data[30]
    assert features.shape == (32, 20)
    assert features.dtype == torch.float32
    assert data.classes == ("one", "two", "three")
    assert data.classes[label] == data.files[30].parent.name == "two"
    assert isinstance(label, int)
    samples, rate = data.clip(30)
    expected = librosa.feature.mfcc(y=samples, sr=rate, hop_length=512, n_fft=2048).T
    np.testing.assert_allclose(features, expected, atol=2e-4)


def test_the_whole_split_comes_as_two_tensors(spoken):
    data = SpeechCommands("train", root=spoken)
    assert data.features.shape == (len(data), 32, 20) == (72, 32, 20)
    assert data.labels.tolist() == [0] * 24 + [1] * 24 + [2] * 24
    batch, labels = next(iter(torch.utils.data.DataLoader(data, batch_size=5)))
    assert batch.shape == (5, 32, 20)
    assert labels.dtype == torch.int64


def test_iterating_stops_at_the_end(lab):
    data = SpeechCommands("train", root=lab[0], classes=["one"])
    assert [label for _, label in data] == [0]


def test_labels_follow_the_order_of_the_classes(spoken):
    data = SpeechCommands("test", root=spoken, classes=["three", "one"])
    assert [file.parent.name for file in data.files] == ["three"] * 3 + ["one"] * 3
    assert data.labels.tolist() == [0] * 3 + [1] * 3


def test_the_data_set_survives_pickling(spoken):
    data = SpeechCommands("valid", root=spoken)
    again = pickle.loads(pickle.dumps(data))
    assert torch.equal(again.features, data.features)
    assert repr(again) == "SpeechCommands('valid', 9 clips of one, two, three)"


def test_the_source_is_printed_once(spoken, capsys):
    speech_commands._announce.cache_clear()
    first = SpeechCommands("valid", root=spoken)
    SpeechCommands("test", root=spoken)
    assert capsys.readouterr().out == f"{first.source}\n"
    assert first.source == "Speech Commands: the recordings in your folder."


def test_an_unknown_split_is_named():
    with pytest.raises(DataError, match=r"Expected split in .*'valid'.* Got 'validation'"):
        SpeechCommands("validation")


@pytest.mark.parametrize("classes", [("one", "tow"), ("one", "one"), ()])
def test_misspelt_repeated_or_no_words_are_refused(classes):
    with pytest.raises(DataError, match="each word may appear once"):
        SpeechCommands("train", classes=classes)


def test_one_word_instead_of_a_sequence_is_refused():
    with pytest.raises(DataError, match=r"Pass \('one',\)"):
        SpeechCommands("train", classes="one")


def test_a_short_clip_is_padded_at_its_end(lab):
    loud = np.full(12_000, 0.5)
    clip = read_clip(lab[1]("one/short.wav", loud))
    assert clip.shape == (RATE,)
    assert clip.dtype == np.float32
    np.testing.assert_allclose(clip[:12_000], 0.5, atol=1e-4)
    assert not clip[12_000:].any()


def test_a_long_clip_loses_its_end(lab):
    ramp = np.linspace(0, 0.9, 40_000)
    clip = read_clip(lab[1]("one/long.wav", ramp))
    np.testing.assert_allclose(clip, ramp[:RATE], atol=1e-4)


def test_another_rate_is_resampled(lab):
    time = np.arange(44_100) / 44_100
    clip = read_clip(lab[1]("one/fast.wav", 0.5 * np.sin(2 * np.pi * 440 * time), 44_100))
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    np.testing.assert_allclose(clip[500:-500], expected[500:-500], atol=1e-3)


def test_stereo_is_refused_by_name(lab):
    lab[1]("one/dddddddd_nohash_0.wav", np.zeros((RATE, 2)))
    with pytest.raises(DataError, match=r"dddddddd_nohash_0.wav. Got 2 channels.*to mono"):
        SpeechCommands("train", root=lab[0], classes=["one"])


def test_an_empty_recording_is_refused_by_name(lab):
    lab[1]("one/dddddddd_nohash_0.wav", np.zeros(0))
    with pytest.raises(DataError, match=r"dddddddd_nohash_0.wav. Got 1 channels with 0 samples"):
        SpeechCommands("train", root=lab[0], classes=["one"])


def test_an_unreadable_file_is_refused_by_name(lab):
    (lab[0] / "one" / "dddddddd_nohash_0.wav").write_bytes(b"RIFFnonsense")
    with pytest.raises(DataError, match=r"readable .*dddddddd_nohash_0.wav. .*Restore the file"):
        SpeechCommands("train", root=lab[0], classes=["one"])


def test_prepare_says_what_is_there_and_where(small, cache):
    sentence = prepare(download=False, classes=["yes", "no"])
    assert "synthetic speech from espeak-ng" in sentence
    assert "48 train, 6 valid, 6 test clips of yes, no in " + str(cache) in sentence


def test_samples_that_are_no_numbers_are_an_error(tmp_path):
    samples = np.full(16000, 0.1, np.float32)
    samples[5:8] = np.nan
    soundfile.write(tmp_path / "x.wav", samples, 16000, subtype="FLOAT")
    with pytest.raises(DataError, match=r"x.wav. Got 3 of 16000 that are NaN or infinite. Restore"):
        read_clip(tmp_path / "x.wav")
