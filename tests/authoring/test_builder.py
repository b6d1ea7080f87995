"""The whole way, with a kernel."""

import nbformat
import pytest
from sample_course import NAME, cell, notebook, write

from rnn_course.authoring import build
from rnn_course.authoring.release import read_tree
from rnn_course.errors import AuthoringError, CheckError


def silent(_line):
    pass


def change(source, ident, old, new):
    book = nbformat.read(source, as_version=4)
    one = cell(book, ident)
    assert old in one.source
    one.source = one.source.replace(old, new)
    source.write_text(nbformat.writes(book) + "\n", encoding="utf-8")


def test_a_build_is_complete_repeatable_and_passes_its_own_check(tmp_path):
    book = notebook()
    for one in book.cells:
        if one.cell_type == "code":
            one.outputs, one.execution_count = [], None
    source = write(tmp_path, book)
    said = []
    build(tmp_path, say=said.append)
    first = read_tree(tmp_path)
    stored = nbformat.read(source, as_version=4)
    assert cell(stored, "check_double").outputs[0].data["text/plain"] == "3.0"
    assert said == [
        f"{NAME}: executing toy.ipynb",
        f"{NAME}: {NAME}.checks is missing; toy.ipynb is missing: written",
    ]
    build(tmp_path, check=True, say=said.append)
    assert said[-1] == f"{NAME}: up to date"
    build(tmp_path, [NAME], say=silent)
    assert read_tree(tmp_path) == first
    assert "gradebook.db" not in first


def test_without_running_stored_outputs_stay(tmp_path):
    source = write(tmp_path)
    before = source.read_bytes()
    build(tmp_path, run=False, say=silent)
    assert source.read_bytes() == before
    assert (tmp_path / "assignments" / NAME / "toy.ipynb").is_file()


@pytest.fixture
def built(tmp_path):
    write(tmp_path)
    build(tmp_path, run=False, say=silent)
    return tmp_path


def test_check_finds_a_release_edited_by_hand_and_leaves_it(built):
    released = built / "assignments" / NAME / "toy.ipynb"
    released.write_text(released.read_text().replace("# Toy", "# Game"))
    before = read_tree(built)
    with pytest.raises(AuthoringError, match=r"(?s)up to date.*toy\.ipynb differs"):
        build(built, check=True, say=silent)
    assert read_tree(built) == before


def test_check_finds_a_statement_that_was_not_released(built):
    change(built / "solutions" / NAME / "toy.ipynb", "about_double", "Write", "Please write")
    with pytest.raises(AuthoringError, match=r"(?s)toy\.ipynb differs.*run: rnn-course build"):
        build(built, check=True, say=silent)


def test_check_finds_code_that_was_not_run(built):
    change(built / "solutions" / NAME / "toy.ipynb", "clock", "print", "repr")
    with pytest.raises(AuthoringError, match="code has changed since its outputs"):
        build(built, check=True, say=silent)


def test_check_finds_a_notebook_that_an_editor_saved(built):
    source = built / "solutions" / NAME / "toy.ipynb"
    source.write_text(source.read_text().replace('"name": "python3"', '"name": "mine"'))
    with pytest.raises(AuthoringError, match="it was saved by an editor"):
        build(built, check=True, say=silent)


def test_a_leak_is_not_written(tmp_path):
    book = notebook()
    cell(book, "about_double").source += "\n\nThe answer is: answer = 42"
    write(tmp_path, book)
    with pytest.raises(
        AuthoringError, match=r"(?s)release without leaks.*about_double.*'answer = 42'"
    ):
        build(tmp_path, run=False, say=silent)
    assert not (tmp_path / "assignments").exists()


def test_all_problems_of_a_notebook_are_named_at_once(tmp_path):
    book = notebook()
    cell(book, "why").source = "Because."
    cell(book, "check_double").metadata["nbgrader"]["points"] = 1
    write(tmp_path, book)
    with pytest.raises(AuthoringError, match=r"2 problems:\n- .*\n- .*") as caught:
        build(tmp_path, run=False, say=silent)
    assert "Expected a notebook fit for release" in str(caught.value)


def test_a_model_answer_that_raises_stops_the_build(tmp_path):
    book = notebook()
    cell(book, "clock").source = "1 / 0"
    source = write(tmp_path, book)
    before = source.read_bytes()
    with pytest.raises(AuthoringError, match=r"run from top to bottom.*(?s:.*)ZeroDivisionError"):
        build(tmp_path, say=silent)
    assert source.read_bytes() == before


@pytest.mark.parametrize("names", [["cw9_none"], []])
def test_a_coursework_that_is_not_there(built, names):
    with pytest.raises(AuthoringError, match=f"courseworks in .*solutions: {NAME}"):
        build(built, names, say=silent)


def test_a_folder_without_its_notebook(tmp_path):
    write(tmp_path).unlink()
    with pytest.raises(CheckError, match=r"Expected one notebook in .*sample\. Got none"):
        build(tmp_path, say=silent)
