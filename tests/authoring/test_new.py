"""A coursework that is made can be built, is in order, and overwrites nothing."""

import json
from pathlib import Path

import nbformat
import pytest

from rnn_course.authoring import build
from rnn_course.authoring.new import IGNORED, new
from rnn_course.authoring.normalise import as_text, normalised
from rnn_course.checks.courses import find
from rnn_course.errors import AuthoringError

ROOT = Path(__file__).parents[2]


def test_one_question_of_each_kind_in_a_notebook_in_its_normal_form(tmp_path):
    written = new("week_1", tmp_path)
    assert all(path.is_file() for path in written)
    source = tmp_path / "solutions/week_1/week_1.ipynb"
    text = source.read_text()
    assert text == as_text(normalised(nbformat.reads(text, as_version=4)))
    assert 'notebook("week_1")' in "".join("".join(c["source"]) for c in json.loads(text)["cells"])
    assert not [path for path in written if "{{" in path.read_text() and path.suffix != ".yml"]
    course = find(tmp_path)["week_1"].coursework()
    assert [question.id for question in course] == ["moving_average", "smooth", "outlier", "when"]
    assert [bool(question.judge) for question in course] == [True, True, True, False]


@pytest.mark.slow
def test_it_builds_as_it_stands(tmp_path):
    new("week_1", tmp_path)
    build(tmp_path, say=lambda line: None)
    build(tmp_path, check=True, say=lambda line: None)
    assert (tmp_path / "assignments/week_1/week_1.checks").is_file()


def test_nothing_is_overwritten(tmp_path):
    kept = {"nbgrader_config.py": "# mine\n", ".gitignore": "mine\n*.db"}
    for name, text in kept.items():
        (tmp_path / name).write_text(text)
    new("week_1", tmp_path)
    assert (tmp_path / "nbgrader_config.py").read_text() == "# mine\n"
    ignored = (tmp_path / ".gitignore").read_text().splitlines()
    assert ignored[:2] == ["mine", "*.db"]
    assert sorted(ignored) == sorted(["mine", *IGNORED])
    before = (tmp_path / ".gitignore").read_bytes()
    assert [path.name for path in new("week_2", tmp_path)] == ["week_2.ipynb", "questions.py"]
    assert (tmp_path / ".gitignore").read_bytes() == before


@pytest.mark.parametrize("name", ["", "Week", "1st", "a b", "../up", "a-b", "é", "x" * 61])
def test_a_name_that_will_not_do(tmp_path, name):
    with pytest.raises(AuthoringError, match=r"Expected a name of small letters.*Choose another"):
        new(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_taken(tmp_path):
    new("week_1", tmp_path)
    with pytest.raises(AuthoringError, match=r"not taken.*'week_1', which is in .*solutions"):
        new("week_1", tmp_path)


def test_the_settings_are_those_of_our_own_course():
    ours = (ROOT / "nbgrader_config.py").read_text()
    theirs = (ROOT / "rnn_course/authoring/templates/nbgrader_config.py").read_text()
    assert theirs == ours.replace('course_id = "rnn-course"', 'course_id = "{{course}}"')
