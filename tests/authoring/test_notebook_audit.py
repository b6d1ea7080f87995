import pytest
from nbformat.v4 import new_markdown_cell, new_output
from sample_course import COURSE, cell, grading, notebook, shown

from rnn_course.authoring.audit import audit


def test_a_notebook_in_order():
    assert audit(notebook(), COURSE) == []


def remove(ident):
    return lambda book: book.cells.remove(cell(book, ident))


def to_end(ident):
    def change(book):
        one = cell(book, ident)
        book.cells.remove(one)
        book.cells.append(one)

    return change


def within(ident, old, new):
    def change(book):
        one = cell(book, ident)
        assert old in one.source
        one.source = one.source.replace(old, new)

    return change


def graded(ident, **about):
    return lambda book: cell(book, ident).metadata["nbgrader"].update(about)


def outputs(ident, *out):
    return lambda book: setattr(cell(book, ident), "outputs", list(out))


def duplicate(book):
    book.cells.append(new_markdown_cell("again", id="title"))


def stray(book):
    about = grading("extra", grade=True, solution=True, points=2)
    book.cells.append(new_markdown_cell("x", id="extra", metadata=about))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (remove("check_double"), "double lacks the cell check_double"),
        (remove("why"), "why lacks the cell why"),
        (to_end("about_double"), "double: its cells should stand in the order about_double"),
        (graded("check_double", points=5), "check_double is worth 5 points, not 3"),
        (graded("check_double", grade=False), "check_double is worth 3 points, not 3"),
        (graded("why", points=1), "why is worth 1 points, not 4"),
        (graded("double", solution=False), "double is no solution cell"),
        (within("why", "**Marking scheme**", "Marks"), "why has no '**Marking scheme**'"),
        (within("why", "3 points", "2 points"), "why: its marking scheme adds up to 3, not 4"),
        (within("double", "### BEGIN SOLUTION", ""), "double has no marked solution"),
        (within("check_double", "check(", "check (1,"), 'the one line check("double")'),
        (outputs("check_double", shown("2.0")), "check_double shows ['2.0'], not full marks"),
        (outputs("check_double"), "check_double shows [], not full marks"),
        (
            outputs("setup", new_output("error", ename="NameError", evalue="x", traceback=[])),
            "setup is stored with the error NameError",
        ),
        (within("setup", "3.0", "2.0"), "its code has changed since its outputs were stored"),
        (
            within("about_double", "## Twice", "Twice"),
            "double sends readers to 'Twice', which is no",
        ),
        (duplicate, "two cells have the id title"),
        (stray, "extra is graded but no question's"),
    ],
)
def test_what_is_wrong_is_named(spoil, told):
    book = notebook()
    spoil(book)
    assert any(told in problem for problem in audit(book, COURSE)), audit(book, COURSE)
