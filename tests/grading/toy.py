"""A coursework of three small questions, for tests of grading that need no real one."""

from collections.abc import Callable

import nbformat
import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from rnn_course.checks.coursework import Coursework, Marking, Question
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Call, Program
from rnn_course.checks.subject import Subject
from rnn_course.grading.release import Release
from rnn_course.seeding import numpy_generator

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def _elementwise(
    name: str, oracle: Callable[[np.ndarray], np.ndarray]
) -> Callable[[Subject, int, Marking], None]:
    def judge(subject: Subject, seed: int, marking: Marking) -> None:
        x = numpy_generator(seed, name).normal(size=5)
        (outcome,) = subject.ask(Program((Call(name, (x,)),)))
        if outcome.error:
            marking.fail_rest(f"It raised {outcome.error}")
        elif not isinstance(outcome.value, np.ndarray) or outcome.value.shape != x.shape:
            marking.fail_rest(f"It returned {outcome.value!r}")
        elif np.abs(outcome.value - oracle(x)).max() < 1e-12:
            marking.passed("value")
            marking.passed("pure") if not outcome.changed else marking.failed("pure", "changed")
        else:
            marking.failed("value", f"off by {np.abs(outcome.value - oracle(x)).max():.2g}")

    return judge


def _question(name: str, oracle: Callable[[np.ndarray], np.ndarray]) -> Question:
    criteria = (Criterion("value", "Right numbers", 3), Criterion("pure", "Input unchanged", 1))
    return Question(name, name.title(), criteria, _elementwise(name, oracle), (name,))


COURSE = Coursework(
    "cw2_speech_commands",
    "Toy",
    "toy.ipynb",
    (
        _question("double", lambda x: 2 * x),
        _question("square", lambda x: x * x),
        Question("essay", "Essay", (Criterion("essay", "Marked by a person", 2),)),
    ),
)

DOUBLE = "def double(x):\n    return 2 * x"
SQUARE = "def square(x):\n    return x * x"


def _graded(name: str, *, grade: bool, solution: bool, points: float | None = None) -> dict:
    found = {"grade_id": name, "grade": grade, "solution": solution, "locked": not solution}
    found |= {"schema_version": 3, "task": False} | ({"points": points} if points else {})
    return {"nbgrader": found}


def notebook(double: str = STUB, square: str = STUB) -> NotebookNode:
    """Return the toy coursework's notebook with these answers."""
    cells = [new_code_cell("import numpy as np", id="setup")]
    for name, source in {"double": double, "square": square}.items():
        answer = _graded(name, grade=False, solution=True)
        check = _graded(f"check_{name}", grade=True, solution=False, points=4.0)
        cells.append(new_code_cell(source, id=name, metadata=answer))
        cells.append(new_code_cell(f'check("{name}")', id=f"check_{name}", metadata=check))
    essay = _graded("essay", grade=True, solution=True, points=2.0)
    cells.append(new_markdown_cell("YOUR ANSWER HERE", id="essay", metadata=essay))
    return new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


RELEASE = Release(COURSE, notebook())


def text(double: str = DOUBLE, square: str = SQUARE) -> str:
    """Return a submission's text."""
    return nbformat.writes(notebook(double, square))
