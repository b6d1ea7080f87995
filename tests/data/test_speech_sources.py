import pytest

from rnn_course.data import SpeechCommands, synthetic_speech
from rnn_course.data.speech_sources import find_source
from rnn_course.errors import DataError


@pytest.fixture
def spoken_words(monkeypatch):
    """Record what the synthesiser is asked for instead of speaking it."""
    asked = []
    monkeypatch.setattr(synthetic_speech, "generate", lambda _, words, **size: asked.extend(words))
    return asked


def test_auto_takes_root_before_the_environment(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path / "elsewhere"))
    assert find_source("auto", lab[0], ["one"]).folder == lab[0]


def test_auto_takes_the_environment_before_the_download(lab, cache, monkeypatch):
    (cache / "data_speech_commands_v0.02" / "one").mkdir(parents=True)
    monkeypatch.setenv("RNN_COURSE_DATA", str(lab[0]))
    assert find_source("auto", None, ["one"]).folder == lab[0]


def test_auto_takes_the_download_before_the_synthesiser(cache):
    (cache / "data_speech_commands_v0.02" / "one").mkdir(parents=True)
    found = find_source("auto", None, ["one"])
    assert found.folder == cache / "data_speech_commands_v0.02"
    assert "published recordings" in found.sentence


def test_auto_speaks_where_nothing_is_there(small, cache):
    data = SpeechCommands("test", classes=["yes"])
    assert data.source == "Speech Commands: synthetic speech from espeak-ng, no recordings."
    assert cache in data.files[0].parents


def test_auto_passes_a_shared_folder_without_speech(spoken_words, tmp_path, monkeypatch):
    (tmp_path / "share" / "mnist").mkdir(parents=True)
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path / "share"))
    assert "synthetic" in find_source("auto", None, ["yes"]).sentence
    assert spoken_words == ["yes"]


def test_the_synthesiser_can_be_asked_for_beside_a_folder(spoken_words, lab, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(lab[0]))
    assert "synthetic" in find_source("synthetic", None, ["yes"]).sentence
    assert spoken_words == ["yes"]


def test_a_missing_root_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"nowhere, which root names. Got no such folder. Correct"):
        SpeechCommands("train", root=tmp_path / "nowhere")


def test_a_missing_folder_in_the_environment_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"which \$RNN_COURSE_DATA names.* Correct"):
        SpeechCommands("train")


def test_a_root_without_words_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"\(root\) to hold data_speech_commands_v0.02 or folders"):
        SpeechCommands("train", root=tmp_path)


def test_source_folder_needs_a_folder():
    with pytest.raises(DataError, match=r"named by root or \$RNN_COURSE_DATA.* Pass root="):
        SpeechCommands("train", source="folder")


def test_source_download_is_not_fetched_unasked():
    with pytest.raises(DataError, match="rnn-course data speech --download"):
        SpeechCommands("train", source="download")


@pytest.mark.parametrize("source", ["download", "synthetic"])
def test_root_contradicts_the_sources_of_the_cache(lab, source):
    with pytest.raises(DataError, match="Leave out root"):
        SpeechCommands("train", root=lab[0], source=source)


def test_an_unknown_source_is_named():
    with pytest.raises(DataError, match=r"Got 'torchaudio'. Choose one of them"):
        SpeechCommands("train", source="torchaudio")
