"""A student's notebook as it was graded, with marks and comments to read in it.

Canvas gives feedback back under the name of the file that was handed in: a notebook, therefore.
"""

from collections.abc import Iterator, Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import is_grade, is_solution

from rnn_course.checks.display import points
from rnn_course.grading.gradebook.returned import LATENESS

_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>()#+-!|"})


def with_marks_shown(graded: NotebookNode, marks: Mapping[str, list[float]]) -> NotebookNode:
    """Return a notebook with a table of marks on top and each comment below its answer.

    Args:
        graded: with scores and comments in its cells' metadata, as nbgrader's `GetGrades` writes
            them.
        marks: points and most points by question; see `returned.MarksTold`.
    """
    graded.cells = [_table(marks), *(shown for cell in graded.cells for shown in _shown(cell))]
    return graded


def _table(marks: Mapping[str, list[float]]) -> NotebookNode:
    earned, most = (sum(mark[number] for mark in marks.values()) for number in (0, 1))
    rows = [
        f"| {question.translate(_MARKDOWN)} | {points(mark[0])} | "
        f"{'' if question == LATENESS else points(mark[1])} |"
        for question, mark in marks.items()
    ]
    head = ["| question | points | of |", "|:--|--:|--:|"]
    text = "\n".join(
        [f"# Feedback: {points(earned)} of {points(most)} points", "", *head, *rows, ""]
    )
    return new_markdown_cell(f"{text}\nBelow each check you find what was seen.", id="feedback")


def _shown(cell: NotebookNode) -> Iterator[NotebookNode]:
    """Yield a cell, and after it what a person has said of it."""
    yield cell
    marks = cell.metadata.get("nbgrader", {})
    said = []
    if is_solution(cell) and marks.get("comment"):
        said.append(f"**Comment:** {marks['comment']}")
    if is_solution(cell) and is_grade(cell):
        said.append(f"**Points:** {points(float(marks.get('score') or 0))} of {marks['points']:g}")
    if said:
        yield new_markdown_cell("\n\n".join(said), id=f"feedback-{cell.id}"[:64])
