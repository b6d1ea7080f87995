"""A coursework of two questions, small enough to see through."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from rnn_course.authoring.normalise import as_text, code_digest, normalised
from rnn_course.checks.coursework import Coursework

NAME = "sample"
CONFIG = Path(__file__).parents[2] / "nbgrader_config.py"

QUESTIONS = """
from rnn_course.checks import Criterion, Question, essay


def judge(subject, seed, marking):
    marking.passed("value")


QUESTIONS = (
    Question(
        "double",
        "Twice as much",
        (Criterion("value", "value", 3.0),),
        judge,
        defines=("double", "answer"),
        read="Twice",
    ),
    essay("why", "Why", 4.0),
)
"""
_DECLARED: dict[str, Any] = {}
exec(QUESTIONS, _DECLARED)
COURSE = Coursework(NAME, "Toy", "toy.ipynb", _DECLARED["QUESTIONS"])

ANSWER = '''\
def double(number):
    """Return twice a number."""
    ### BEGIN SOLUTION
    total = number + number
    return total  # an addition is cheaper than a product
    ### END SOLUTION


### BEGIN SOLUTION
answer = 42
### END SOLUTION'''

ESSAY = """\
Because adding a number to itself gives the same as multiplying it by two.

**Marking scheme** (4 points)

- 3 points: addition.
- 1 point: multiplication."""


def grading(grade_id: str, *, grade: bool, solution: bool, points: float | None = None) -> dict:
    about = {
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": grade and not solution,
        "schema_version": 3,
        "task": False,
    }
    return {"nbgrader": about | ({} if points is None else {"points": points})}


def notebook() -> NotebookNode:
    """Return the source notebook as it looks after a build."""
    essay = grading("why", grade=True, solution=True, points=4)
    made = normalised(
        new_notebook(
            cells=[
                new_markdown_cell("# Toy", id="title"),
                new_code_cell("def check(question):\n    return 3.0", id="setup"),
                new_markdown_cell("## Twice\n\nWrite `double`.", id="about_double"),
                new_code_cell(ANSWER, metadata=grading("double", grade=False, solution=True)),
                new_code_cell(
                    'check("double")',
                    metadata=grading("check_double", grade=True, solution=False, points=3),
                    execution_count=3,
                    outputs=[shown("3.0")],
                ),
                new_code_cell(
                    "import time\nprint(time.perf_counter_ns())",
                    id="clock",
                    metadata={"tags": ["nbval-ignore-output"]},
                ),
                new_markdown_cell("Why?", id="about_why"),
                new_markdown_cell(ESSAY, metadata=essay),
            ]
        )
    )
    made.metadata["rnn_course"] = {"executed": code_digest(made)}
    return made


def shown(text: str) -> NotebookNode:
    return nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=3)


def cell(book: NotebookNode, ident: str) -> NotebookNode:
    return next(cell for cell in book.cells if cell.id == ident)


def write(root: Path, book: NotebookNode | None = None) -> Path:
    """Make a course's folder with this one coursework; return the notebook's file."""
    source = root / "solutions" / NAME / COURSE.notebook
    source.parent.mkdir(parents=True)
    source.write_text(as_text(book or notebook()), encoding="utf-8")
    (source.parent / "questions.py").write_text(QUESTIONS, encoding="utf-8")
    (root / CONFIG.name).write_text(CONFIG.read_text())
    return source
