import pytest

from rnn_course.data import SpeechCommands
from rnn_course.data.speech_layout import WORDS, find_folder, hash_percentage, split_by_hash
from rnn_course.errors import DataError


def _names(root, split, **options):
    data = SpeechCommands(split, root=root, classes=["one"], **options)
    return [file.name[:8] for file in data.files]


def test_there_are_35_words():
    assert len(set(WORDS)) == 35
    assert tuple(sorted(WORDS)) == WORDS


def test_the_lists_decide_the_split(lab):
    assert _names(lab[0], "train") == ["aaaaaaaa"]
    assert _names(lab[0], "valid") == ["bbbbbbbb"]
    assert _names(lab[0], "test") == ["cccccccc"]


def test_lists_may_name_words_that_nobody_asked_for(lab):
    with (lab[0] / "testing_list.txt").open("a") as file:
        file.write("\nmarvin/eeeeeeee_nohash_0.wav\n")
    assert _names(lab[0], "test") == ["cccccccc"]


def test_a_list_that_names_a_missing_file_is_an_error(lab):
    with (lab[0] / "testing_list.txt").open("a") as file:
        file.write("one/eeeeeeee_nohash_0.wav\n")
    with pytest.raises(
        DataError, match=r"eeeeeeee_nohash_0.wav, which testing_list.txt names.*delete its line"
    ):
        SpeechCommands("train", root=lab[0], classes=["one"])


def test_without_lists_the_published_hash_decides(lab):
    folder, write = lab
    (folder / "validation_list.txt").unlink()
    (folder / "testing_list.txt").unlink()
    write("one/8d4cdc60_nohash_1.wav")
    write("one/b87bdb22_nohash_1.wav")
    splits = {s: _names(folder, s) for s in ("train", "valid", "test") if _has(folder, s)}
    for split, names in splits.items():
        assert {split_by_hash(f"{name}_nohash_7.wav") for name in names} == {split}
    assert sum(map(len, splits.values())) == 5


def _has(folder, split):
    return any(split_by_hash(file.name) == split for file in (folder / "one").iterdir())


@pytest.mark.parametrize(
    ("speaker", "percentage"),
    # worked out with the snippet in the README of the published archive
    [("439c84f4", 1.231841), ("a8cb6dda", 80.991468), ("6272b231", 86.886261)],
)
def test_the_hash_is_the_published_one(speaker, percentage):
    assert hash_percentage(f"{speaker}_nohash_1.wav") == pytest.approx(percentage)


def test_a_speaker_stays_in_one_split_whatever_the_take():
    assert len({hash_percentage(f"b87bdb22_nohash_{take}.wav") for take in range(5)}) == 1


def test_the_hash_gives_about_a_tenth_each():
    splits = [split_by_hash(f"{speaker:08x}_nohash_0.wav") for speaker in range(5000)]
    assert 400 < splits.count("valid") < 600
    assert 400 < splits.count("test") < 600


def test_one_list_without_the_other_is_an_error(lab):
    (lab[0] / "validation_list.txt").unlink()
    with pytest.raises(DataError, match=r"Got only testing_list.txt. Restore .*validation_list"):
        SpeechCommands("train", root=lab[0], classes=["one"])


def test_a_word_without_a_folder_is_an_error(lab):
    with pytest.raises(DataError, match=r"clips of 'two'. Got no such folder. Copy it"):
        SpeechCommands("train", root=lab[0], classes=["one", "two"])


def test_a_word_without_clips_is_an_error(lab):
    (lab[0] / "two").mkdir()
    with pytest.raises(DataError, match=r"at least one .wav file in .*two. Got none. Copy"):
        SpeechCommands("train", root=lab[0], classes=["one", "two"])


def test_an_empty_split_is_an_error(lab):
    (lab[0] / "testing_list.txt").write_text("")
    with pytest.raises(DataError, match=r"for the split 'test' .*3 clips, all in other splits"):
        SpeechCommands("test", root=lab[0], classes=["one"])


def test_the_published_name_is_found_inside_the_folder(lab, tmp_path):
    lab[0].rename(tmp_path / "data_speech_commands_v0.02")
    assert find_folder(tmp_path) == tmp_path / "data_speech_commands_v0.02"
    assert _names(tmp_path, "train") == ["aaaaaaaa"]


@pytest.mark.parametrize(
    "written",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("/", "\\").encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("one/", "./speech_commands_v0.02/one/").encode(),
        lambda text: text.replace(".wav", ".WAV").encode(),
    ],
    ids=["utf-8 mark", "utf-16", "backslashes", "crlf", "longer paths", "upper case"],
)
def test_a_list_is_read_whatever_system_wrote_it(lab, written):
    for name in ("validation_list.txt", "testing_list.txt"):
        (lab[0] / name).write_bytes(written((lab[0] / name).read_text()))
    assert [_names(lab[0], split)[0][0] for split in ("train", "valid", "test")] == ["a", "b", "c"]


def test_a_list_that_names_nothing_of_the_folder_is_an_error(lab):
    (lab[0] / "testing_list.txt").write_text("clips;seven;0.wav\n")
    with pytest.raises(
        DataError,
        match=r"lines such as one/.*Got 'clips;seven;0.wav', and none that names a folder beside",
    ):
        SpeechCommands("train", root=lab[0], classes=["one"])


def test_a_list_that_is_no_text_is_an_error(lab):
    (lab[0] / "testing_list.txt").write_bytes(b"one/\xff\xfe.wav")
    with pytest.raises(DataError, match=r"text in .*testing_list.txt.*Restore testing_list.txt"):
        SpeechCommands("train", root=lab[0], classes=["one"])


def test_what_macos_leaves_beside_a_clip_is_no_clip(lab):
    (lab[0] / "one" / "._aaaaaaaa_nohash_0.wav").write_bytes(b"\0\5\x16\7")
    assert _names(lab[0], "train") == ["aaaaaaaa"]


def test_an_ending_in_capitals_is_a_clip(lab):
    (lab[0] / "one" / "aaaaaaaa_nohash_0.wav").rename(lab[0] / "one" / "aaaaaaaa_nohash_0.WAV")
    assert _names(lab[0], "train") == ["aaaaaaaa"]


def test_what_torchaudio_unpacks_is_found_from_its_root(lab, tmp_path):
    inner = tmp_path / "SpeechCommands" / "speech_commands_v0.02"
    inner.parent.mkdir()
    lab[0].rename(inner)
    assert find_folder(tmp_path) == inner
    assert find_folder(tmp_path / "SpeechCommands") == inner
