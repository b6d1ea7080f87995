import shutil
from pathlib import Path

import pytest

from rnn_course.errors import DataError
from rnn_course.training.stored_curves import stored_curves

FOLDER = Path(__file__).parents[2] / "solutions" / "cw2_speech_commands" / "curves"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "curves"))


def test_the_runs_of_coursework_2_are_read():
    facts, accuracies, steps = stored_curves(FOLDER)
    assert set(facts) == set(accuracies) == {"A", "B", "C"}
    assert {percent.shape for percent in accuracies.values()} == {(5, len(steps))}
    assert steps[0] == 25
    assert all(0 <= percent.min() <= percent.max() <= 100 for percent in accuracies.values())


def no_folder(folder):
    shutil.rmtree(folder)


def no_runs_of_b(folder):
    for file in folder.glob("B_*.json"):
        file.unlink()


def half_a_file(folder):
    (folder / "facts.json").write_text('{"A": ')


def no_networks(folder):
    (folder / "facts.json").write_text("{}")


@pytest.mark.parametrize("harm", [no_folder, no_runs_of_b, half_a_file, no_networks])
def test_what_is_missing_or_damaged_is_said(folder, harm):
    harm(folder)
    with pytest.raises(DataError, match=r"the folder curves, which came.*Put the whole folder"):
        stored_curves(folder)
