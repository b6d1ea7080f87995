import hashlib
import io
import os
import tarfile

import pytest

from rnn_course.data import SpeechCommands, speech_sources
from rnn_course.data._archive import extract
from rnn_course.data.speech_commands import prepare
from rnn_course.errors import DataError


def _archive(folder, *members, name="a.tar.gz"):
    """Write an archive of (name, bytes) files and of ready TarInfo members."""
    with tarfile.open(folder / name, "w:gz") as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                tar.addfile(info, io.BytesIO(member[1]))
    return folder / name


def _special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.fixture
def everything(tmp_path):
    """Every path below tmp_path, to see what an extraction left behind."""
    return lambda: {os.path.relpath(path, tmp_path) for path in tmp_path.rglob("*")}


def test_plain_files_are_extracted(tmp_path):
    extract(_archive(tmp_path, ("./one/a.wav", b"a"), ("b.txt", b"b")), tmp_path / "to")
    assert (tmp_path / "to" / "one" / "a.wav").read_bytes() == b"a"
    assert (tmp_path / "to" / "b.txt").read_bytes() == b"b"


@pytest.mark.parametrize(
    "member",
    [
        ("../evil", b"x"),
        ("one/../../evil", b"x"),
        ("/tmp/rnn-course-evil", b"x"),
        _special("link", tarfile.SYMTYPE, "/etc"),
        _special("link", tarfile.SYMTYPE, "good"),
        _special("link", tarfile.LNKTYPE, "../../outside"),
        _special("pipe", tarfile.FIFOTYPE),
    ],
    ids=["parent", "hidden-parent", "absolute", "symlink", "inner-symlink", "hardlink", "pipe"],
)
def test_hostile_members_are_refused_and_nothing_is_left(tmp_path, everything, member):
    archive = _archive(tmp_path, ("good", b"good"), member)
    name = member.name if isinstance(member, tarfile.TarInfo) else member[0]
    with pytest.raises(DataError, match=r"only plain files inside .*Delete the archive") as caught:
        extract(archive, tmp_path / "to")
    assert repr(name) in str(caught.value)
    assert everything() == {"a.tar.gz"}
    assert not os.path.exists("/tmp/rnn-course-evil")


def test_a_cut_archive_is_an_error_and_leaves_nothing(tmp_path, everything):
    archive = _archive(tmp_path, ("one/a.wav", os.urandom(100_000)))
    archive.write_bytes(archive.read_bytes()[:50_000])
    with pytest.raises(DataError, match=r"a whole tar archive in .*download it again"):
        extract(archive, tmp_path / "to")
    assert everything() == {"a.tar.gz"}


def test_the_download_ends_as_a_data_set(lab, cache, monkeypatch):
    clips = [(f"./{f.relative_to(lab[0])}", f.read_bytes()) for f in lab[0].rglob("*.*")]
    (cache / "downloads").mkdir(parents=True)
    archive = _archive(cache / "downloads", *clips, name=speech_sources.ARCHIVE)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    monkeypatch.setattr(speech_sources, "SHA256", digest)  # as if it had just come
    sentence = prepare(download=True, classes=["one"])
    assert "published recordings" in sentence
    assert "1 train, 1 valid, 1 test clips of one" in sentence
    assert not archive.exists()
    assert prepare(download=True, classes=["one"]) == sentence  # and asks nobody again
    assert len(SpeechCommands("test", classes=["one"], source="download")) == 1
