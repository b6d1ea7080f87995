"""Releases that give something away, each in its own way, and one that does not."""

import copy
import json

import pytest
from nbformat.v4 import new_output
from sample_course import ANSWER, COURSE, ESSAY, cell, notebook

from rnn_course.authoring.leaks import find_leaks
from rnn_course.authoring.normalise import as_text

SENTENCE = ESSAY.splitlines()[0]


def release():
    """Return the notebook as nbgrader would release it."""
    book = notebook()
    cell(book, "double").source = (
        'def double(number):\n    """Return twice a number."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()\n\n\n"
        "# YOUR CODE HERE\nraise NotImplementedError()"
    )
    cell(book, "why").source = "YOUR ANSWER HERE"
    for one in book.cells:
        if one.cell_type == "code":
            one.outputs, one.execution_count = [], None
    return book


def leaks(book, **files):
    released = {"toy.ipynb": as_text(book).encode()}
    released |= {name.replace("__", "."): text.encode() for name, text in files.items()}
    return find_leaks(notebook(), released, COURSE.by_id["double"].defines)


def test_a_tight_release_passes():
    assert leaks(release(), data__json="[1, 2]", notes__txt="Read the statement.") == []


def spoil(ident, change):
    book = release()
    change(cell(book, ident))
    return book


def append(text):
    def change(one):
        one.source += "\n" + text

    return change


REGION = ANSWER.split("SOLUTION\n")[1].split("    ### END")[0]


@pytest.mark.parametrize(
    ("ident", "change", "told"),
    [
        ("double", lambda one: setattr(one, "source", ANSWER), "BEGIN SOLUTION"),
        ("setup", append(REGION), "from the answer to double"),
        ("title", append("In words:\n" + REGION.replace("    ", "\t")), "the answer to double"),
        ("setup", append("  total=number+number; return   total # an addition is cheaper"), None),
        ("setup", append("return total  # an addition is cheaper than a product"), "to double"),
        ("about_double", append("Hint: `answer = 42`"), "'answer = 42' from the answer"),
        ("about_why", append(SENTENCE), "from the answer to why"),
        ("why", lambda one: setattr(one, "source", ESSAY), "Marking scheme"),
        ("why", append("- 3 points: addition."), None),
        ("setup", append("### BEGIN HIDDEN TESTS"), "BEGIN HIDDEN"),
        ("setup", append("### BEGIN MARK SCHEME"), "BEGIN MARK SCHEME"),
        ("setup", lambda one: setattr(one, "execution_count", 1), "has outputs"),
        (
            "check_double",
            lambda one: one.outputs.append(new_output("stream", text="3.0")),
            "check_double: has outputs",
        ),
    ],
)
def test_a_leaky_notebook_is_found(ident, change, told):
    found = leaks(spoil(ident, change))
    if told is None:  # what anybody would write is no leak
        assert found == []
    else:
        assert any(told in leak and ident in leak for leak in found), found


@pytest.mark.parametrize("name", ["helper__py", "model__safetensors", "old__html", "grades__db"])
def test_a_kind_of_file_that_students_do_not_get(name):
    assert leaks(release(), **{name: "x"}) == [
        f"{name.replace('__', '.')}: files of this kind are not for students"
    ]


def test_a_solution_in_a_shipped_text_file():
    assert "to why" in leaks(release(), notes__txt=SENTENCE)[0]
    assert "answer = 42" in leaks(release(), data__json=json.dumps("answer = 42"))[0]


def test_each_leak_is_named_once():
    book = spoil("setup", append(REGION))
    assert len(leaks(book)) == len(set(leaks(book)))


def test_a_second_notebook_is_looked_into():
    other = copy.deepcopy(release())
    other.cells[0].source = SENTENCE
    released = {"toy.ipynb": as_text(release()).encode(), "two.ipynb": as_text(other).encode()}
    (leak,) = find_leaks(notebook(), released)
    assert leak.startswith("two.ipynb, cell title:")
