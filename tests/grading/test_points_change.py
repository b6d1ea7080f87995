"""Points, essays and questions are the author's to change, also when a class has handed in."""

import sys
from pathlib import Path

import nbformat
import pytest
import toy
from conftest import NAME, hand_in
from nbformat.v4 import new_markdown_cell

from rnn_course.authoring.release import derive, write_tree
from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course, Marks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]

MARKS = {"grade": True, "solution": True, "locked": False, "schema_version": 3, "task": False}


def marks(root: Path, student: str) -> Marks:
    (found,) = Course(root).marks(NAME, [student])
    return found


@pytest.fixture
def graded(course: Path) -> Path:
    """A class of two, graded, one of them with a mark by hand."""
    hand_in(course, "ada", toy_ipynb=toy.text())
    hand_in(course, "bob", toy_ipynb=toy.text(double="def double(x):\n    return 3 * x"))
    autograde(course, NAME, Settings())
    with Course(course).open_gradebook() as gradebook:
        grade = gradebook.find_grade("essay", "toy", NAME, "ada")
        grade.manual_score = 1.5
        gradebook.db.commit()
    assert marks(course, "bob").scores["double"] == 0
    return course


def edit(root: Path, change) -> None:
    source = root / "solutions" / NAME / "toy.ipynb"
    book = nbformat.read(source, as_version=4)
    change(book)
    nbformat.write(book, source)
    files = derive(root, source.parent, NAME)
    write_tree(root / "assignments" / NAME, files)


def test_points_that_change_and_an_essay_that_is_added(graded: Path) -> None:
    def change(book):
        for cell in book.cells:
            if cell.id == "check_double":
                cell.metadata.nbgrader.points = 20
        about = {"nbgrader": {**MARKS, "grade_id": "why", "points": 3}}
        book.cells.append(new_markdown_cell("Because.", id="why", metadata=about))

    edit(graded, change)
    tally = autograde(graded, NAME, Settings())
    assert sorted(tally.graded) == ["ada", "bob"]
    ada, bob = marks(graded, "ada"), marks(graded, "bob")
    wanted = {"double": 20, "square": 4, "eighth": 4, "essay": 2, "why": 3}
    assert ada.max_scores == bob.max_scores == wanted
    assert ada.scores == {"double": 20, "square": 4, "eighth": 4, "essay": 1.5, "why": 0}
    assert bob.scores["double"] == 0
    with Course(graded).open_gradebook() as gradebook:
        assert gradebook.find_submission(NAME, "ada").max_score == 33
        assert gradebook.find_grade("essay", "toy", NAME, "ada").manual_score == 1.5
    again = autograde(graded, NAME, Settings())
    assert sorted(again.unchanged) == ["ada", "bob"]


def test_a_question_that_is_taken_out(graded: Path) -> None:
    def change(book):
        book.cells = [c for c in book.cells if c.id not in ("eighth", "check_eighth")]

    edit(graded, change)
    autograde(graded, NAME, Settings())
    assert marks(graded, "ada").max_scores == {"double": 4, "square": 4, "essay": 2}
    assert sum(marks(graded, "ada").scores.values()) == 9.5


def test_points_that_change_before_anybody_is_graded_again(graded: Path) -> None:
    """Somebody who hands in later does not wait for the others, nor change their marks."""

    def change(book):
        book.cells[:] = [*book.cells[::-1]][::-1]
        next(c for c in book.cells if c.id == "essay").metadata.nbgrader.points = 4

    edit(graded, change)
    hand_in(graded, "cyd", toy_ipynb=toy.text())
    tally = autograde(graded, NAME, Settings(students=("cyd",)))
    assert tally.graded == ["cyd"]
    assert marks(graded, "ada").max_scores["essay"] == marks(graded, "cyd").max_scores["essay"] == 4
    assert marks(graded, "ada").scores["essay"] == 1.5
