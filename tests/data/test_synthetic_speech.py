import subprocess
import sys

import numpy as np
import pytest
import soundfile
import torch

from rnn_course.data import SpeechCommands, synthetic_speech
from rnn_course.data.speech_effects import RATE
from rnn_course.data.speech_layout import WORDS, list_split
from rnn_course.data.synthetic_speech import generate
from rnn_course.errors import DataError


def _bytes(folder):
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_two_runs_give_the_same_bytes(spoken, tmp_path):
    for words in (["three"], ["two", "one"]):  # in another order, in two runs
        generate(tmp_path, words, count=30, takes=1)
    assert _bytes(tmp_path) == _bytes(spoken)


def test_clips_have_the_published_form(spoken):
    for file in spoken.rglob("*.wav"):
        info = soundfile.info(file)
        assert (info.frames, info.samplerate, info.channels) == (RATE, RATE, 1)
        assert info.subtype == "PCM_16"
        assert np.abs(soundfile.read(file)[0]).max() > 0.05


def test_no_speaker_is_in_two_splits(spoken):
    words = ("one", "two", "three")
    speakers = {
        split: {item.path.name[:8] for item in list_split(spoken, split, words)}
        for split in ("train", "valid", "test")
    }
    assert {split: len(names) for split, names in speakers.items()} == {
        "train": 24,
        "valid": 3,
        "test": 3,
    }
    assert len(set.union(*speakers.values())) == 30


def test_every_speaker_sounds_different(spoken):
    clips = [file.read_bytes() for file in (spoken / "one").iterdir()]
    assert len(set(clips)) == len(clips)


def test_a_smaller_cast_is_part_of_a_larger_one(spoken, tmp_path):
    generate(tmp_path, ["one"], count=10, takes=1)
    few = {file.name for file in (tmp_path / "one").iterdir()}
    assert len(few) == 10
    assert few < {file.name for file in (spoken / "one").iterdir()}


def test_what_is_there_is_not_made_again(spoken, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    generate(spoken, ["one", "two", "three"], count=30, takes=1)


def test_generating_shows_its_progress(tmp_path, capsys):
    generate(tmp_path, ["zero"], count=10, takes=2)
    assert "20/20" in capsys.readouterr().err


def test_a_killed_run_leaves_no_half_word(tmp_path):
    command = [sys.executable, "-m", synthetic_speech.__name__, str(tmp_path), "go", "500", "9"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.read(100) == b"." * 100
        process.kill()
    assert not (tmp_path / "go").exists()
    assert list(tmp_path.glob(".go-partial-*/*.wav"))  # it was in the middle of it
    generate(tmp_path, ["go"], count=10, takes=1)
    assert len(list((tmp_path / "go").iterdir())) == 10


def test_too_many_speakers_is_an_error_that_carries_the_reason(tmp_path):
    with pytest.raises(DataError, match=r"(?s)to speak 'one'.*5000 voices.*Run it by hand"):
        generate(tmp_path, ["one"], count=5000, takes=1)
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize("broken", ["get_data_path", "get_library_path"])
def test_an_espeak_that_does_not_start_is_an_error(broken, tmp_path):
    code = (
        "import sys, espeakng_loader as loader\n"
        f"loader.{broken} = lambda: {str(tmp_path / 'nothing')!r}\n"
        "from rnn_course.data.synthetic_speech import DataError, Espeak\n"
        "try: Espeak()\n"
        "except DataError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("Expected espeak-ng to start with its data in ")
    assert "Reinstall it: pip install" in run.stdout


# one process for all words: to start one and to find its voices takes longer than to speak
SPEAKS = """
import sys
from pathlib import Path
from rnn_course.data import synthetic_speech as speech
engine = speech.Espeak()
cast = speech.speakers(engine, 10)
speech._write_lists(Path(sys.argv[1]), list(cast), 1)
for word in speech.WORDS:
    folder = Path(sys.argv[1], word)
    folder.mkdir()
    speech._speak_word(engine, word, cast, (1, 0), folder)
"""


@pytest.mark.slow
def test_all_35_words_can_be_spoken(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SPEAKS, tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stdout == 350 * "."
    for split, clips in (("train", 8), ("valid", 1), ("test", 1)):
        data = SpeechCommands(split, root=tmp_path, classes=WORDS)
        assert data.labels.bincount().tolist() == [clips] * 35


class _Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(20, 64, 2, batch_first=True, bidirectional=True)
        self.head = torch.nn.Linear(128, 3)

    def forward(self, x):
        _, (last, _) = self.lstm(x)
        return self.head(torch.cat([last[-2], last[-1]], dim=1))


@pytest.mark.slow
def test_the_default_is_learnable_and_not_trivial():
    train, test = SpeechCommands("train"), SpeechCommands("test")
    assert (len(train), len(test)) == (2400, 300)
    torch.manual_seed(0)
    net = _Net()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(5):
        for batch in torch.randperm(len(train)).split(32):
            optimiser.zero_grad()
            logits = net(train.features[batch])
            torch.nn.functional.cross_entropy(logits, train.labels[batch]).backward()
            optimiser.step()
    with torch.no_grad():
        accuracy = (net(test.features).argmax(1) == test.labels).float().mean().item()
    assert 0.88 <= accuracy <= 0.97
