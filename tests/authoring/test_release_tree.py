import nbformat
import pytest
from sample_course import NAME, cell, notebook, write

from rnn_course.authoring.release import derive, drift, read_tree, write_tree
from rnn_course.errors import AuthoringError

STUB = "raise NotImplementedError()"


def released(root):
    return derive(root, root / "solutions" / NAME, NAME)


@pytest.fixture
def course(tmp_path):
    source = write(tmp_path)
    beside = source.parent
    (beside / "data").mkdir()
    (beside / "data" / "runs.json").write_text("[]")
    for hidden in ("make.py", "weights.safetensors", ".env", "old.html"):
        (beside / hidden).write_text("secret")
        (beside / "data" / hidden).write_text("secret")
    (beside / ".ipynb_checkpoints").mkdir()
    (beside / ".ipynb_checkpoints" / "toy-checkpoint.ipynb").write_text("secret")
    return tmp_path


def test_only_the_notebook_and_its_data_are_released(course):
    assert sorted(released(course)) == [
        "data/runs.json",
        "toy.ipynb",
    ]


def test_solutions_become_stubs_and_signatures_stay(course):
    book = nbformat.reads(released(course)["toy.ipynb"].decode(), as_version=4)
    answer = cell(book, "double").source
    assert answer.startswith("def double(number):")
    assert answer.count(STUB) == 2
    assert "total" not in answer
    assert "42" not in answer
    assert cell(book, "why").source == "YOUR ANSWER HERE"


def test_releasing_is_repeatable_and_touches_nothing(course):
    before = {path: path.stat().st_mtime_ns for path in course.rglob("*")}
    assert released(course) == derive(course, course / "solutions" / NAME, NAME)
    assert {path: path.stat().st_mtime_ns for path in course.rglob("*")} == before


def test_what_nbgrader_refuses_is_told_in_its_own_words(tmp_path):
    book = notebook()
    cell(book, "double").source += "\n### BEGIN SOLUTION"
    write(tmp_path, book)
    with pytest.raises(AuthoringError, match="no end solution statement found") as caught:
        released(tmp_path)
    assert f"a notebook of {NAME} that nbgrader can release" in str(caught.value)


def test_a_folder_that_is_no_course(tmp_path):
    with pytest.raises(AuthoringError, match=r"Expected nbgrader_config\.py in .*--root"):
        released(tmp_path)


def test_trees_are_read_written_and_compared(tmp_path):
    assert read_tree(tmp_path / "none") == {}
    files = {"a.txt": b"1", "b/c.txt": b"2"}
    (tmp_path / "stale.txt").write_text("x")
    write_tree(tmp_path, files)
    assert read_tree(tmp_path) == files
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "a.txt").write_text("x")
    assert read_tree(tmp_path) == files


def test_drift_names_each_file():
    assert drift({"a": b"1", "b": b"1", "c": b"1"}, {"b": b"2", "c": b"1", "d": b"1"}) == [
        "a is missing",
        "b differs",
        "d should not be there",
    ]
