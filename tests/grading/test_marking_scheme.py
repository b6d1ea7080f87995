"""Beside an essay formgrader shows what a marker needs, and students get nothing of it."""

import sys
from pathlib import Path

import nbformat
import pytest
import toy
from conftest import NAME, hand_in

from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.formgrader import formgrader_page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]

SCHEME = "Names the window that slides over the input"


@pytest.fixture
def graded(course: Path) -> Path:
    """Return a course with one graded submission, whose essay has a marking scheme."""
    source = course / "solutions" / NAME / "toy.ipynb"
    notebook = nbformat.read(source, as_version=4)
    essay = next(cell for cell in notebook.cells if cell.id == "essay")
    essay.source = f"Because.\n\n**Marking scheme**\n\n- 2 points: {SCHEME}."
    nbformat.write(notebook, source)
    answered = toy.notebook(toy.DOUBLE, toy.SQUARE, toy.EIGHTH, "My own words.")
    hand_in(course, "ada", toy_ipynb=nbformat.writes(answered))
    assert autograde(course, NAME, Settings()).graded == ["ada"]
    return course


def test_the_scheme_stands_below_the_essay_for_whoever_marks(graded: Path) -> None:
    file = next(Course(graded).path("autograded", "ada", NAME).glob("*.ipynb"))
    notebook = nbformat.read(file, as_version=4)
    page = formgrader_page(notebook, graded, NAME)
    assert page.count(SCHEME) == 1
    assert page.index("My own words.") < page.index("For the marker") < page.index(SCHEME)
    assert SCHEME not in file.read_text(), "it is shown, and written nowhere"


def test_students_get_nothing_of_it(graded: Path) -> None:
    for path in Course(graded).feedback(NAME, "ada").rglob("*"):
        assert not path.is_file() or SCHEME not in path.read_text(errors="replace")


def test_a_coursework_that_is_not_here_is_shown_as_ever(graded: Path) -> None:
    file = next(Course(graded).path("autograded", "ada", NAME).glob("*.ipynb"))
    page = formgrader_page(nbformat.read(file, as_version=4), graded, "elsewhere")
    assert "My own words." in page
    assert "For the marker" not in page
