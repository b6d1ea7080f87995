"""The toy coursework's notebook, for tests of grading that need no real one."""

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from toy_course import QUESTIONS

from rnn_course.checks.coursework import Coursework
from rnn_course.grading.intake.release import Release

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
BLANK_ESSAY = "YOUR ANSWER HERE"
DOUBLE = "def double(x):\n    return 2 * x"
SQUARE = "def square(x):\n    return x * x"
EIGHTH = "def eighth(x):\n    return square(square(square(x)))"
TRAINING = "history = [double(epoch) for epoch in range(10**12)]"


def _graded(name: str, *, grade: bool, solution: bool, points: float | None = None) -> dict:
    found = {"grade_id": name, "grade": grade, "solution": solution, "locked": not solution}
    found |= {"schema_version": 3, "task": False} | ({"points": points} if points else {})
    return {"nbgrader": found}


def notebook(
    double: str = STUB, square: str = STUB, eighth: str = STUB, essay: str = BLANK_ESSAY
) -> NotebookNode:
    """Return the toy coursework's notebook with these answers."""
    cells = [new_code_cell("import numpy as np", id="setup")]
    for name, source in {"double": double, "square": square, "eighth": eighth}.items():
        answer = _graded(name, grade=False, solution=True)
        check = _graded(f"check_{name}", grade=True, solution=False, points=4.0)
        cells.append(new_markdown_cell(f"## {name.title()}\nWrite `{name}`.", id=f"ask_{name}"))
        cells.append(new_code_cell(source, id=name, metadata=answer))
        cells.append(new_code_cell(f'check("{name}")', id=f"check_{name}", metadata=check))
    cells.append(new_code_cell(TRAINING, id="training", metadata={"tags": ["skip-grading"]}))
    cells.append(new_markdown_cell("## Essay\nWhy double?", id="ask_essay"))
    marks = _graded("essay", grade=True, solution=True, points=2.0)
    cells.append(new_markdown_cell(essay, id="essay", metadata=marks))
    return new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


COURSEWORK = Coursework("toy", "Toy", "toy.ipynb", QUESTIONS)
RELEASE = Release(COURSEWORK, notebook())


def solved() -> NotebookNode:
    """Return the notebook with right answers and an essay."""
    return notebook(DOUBLE, SQUARE, EIGHTH, "Because twice is nice.")


def text(double: str = DOUBLE, square: str = SQUARE, eighth: str = EIGHTH) -> str:
    """Return a submission's text."""
    return nbformat.writes(notebook(double, square, eighth))
