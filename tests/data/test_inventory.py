"""What is stored, and what cleaning leaves."""

import pytest
from typer.testing import CliRunner

from rnn_course.cli import app
from rnn_course.data.inventory import inventory


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path))
    files = {
        "downloads/speech_commands_v0.02.tar.gz": 3_000_000,
        "downloads/train-images-idx3-ubyte.gz": 2_000_000,
        "downloads/timemachine.txt": 1_000,
        "data_speech_commands_v0.02/one/a.wav": 4_000_000,
        "synthetic_speech_v3_500x2/data_speech_commands_v0.02/one/a.wav": 5_000_000,
        "features/mfcc-1.safetensors": 1_500_000,
        "my thesis.txt": 10,
    }
    for name, size in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    return tmp_path


def run(*arguments):
    done = CliRunner().invoke(app, ["data", *arguments])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_it_says_what_is_there_how_large_and_whose(cache):
    lines = run("list")
    assert lines[0].startswith("      5.0 MB  synthetic speech (made here by espeak-ng): ")
    assert lines[1].startswith("      4.0 MB  Speech Commands, unpacked (CC BY 4.0, Google): ")
    assert lines[-1] == f"     15.5 MB  in all, in {cache}"
    assert len(lines) == 7


def test_cleaning_keeps_downloads_and_what_nobody_knows(cache):
    assert run("clean")[-1] == "6.5 MB freed"
    assert {stored.downloaded for stored in inventory()} == {True}
    assert run("clean", "--downloads")[-1] == "9.0 MB freed"
    assert inventory() == []
    assert (cache / "my thesis.txt").exists()


def test_an_empty_cache_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path / "none"))
    assert run("list") == [f"      0.0 MB  in all, in {tmp_path / 'none'}"]
    assert run("clean") == ["0.0 MB freed"]
