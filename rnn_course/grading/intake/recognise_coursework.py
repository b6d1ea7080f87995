"""Tells which coursework a notebook answers, by its grade ids or by what it defines."""

from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from rnn_course.checks.courses import find
from rnn_course.errors import GradingError
from rnn_course.grading.intake.notebook_reader import read_notebook
from rnn_course.grading.intake.release import defined_names, grade_id


def recognise_coursework(text: str, root: Path) -> str:
    """Return the name of the coursework whose questions a notebook answers most of.

    What was handed out tells it; no coursework's questions are loaded.

    Raises:
        GradingError: it answers none.
    """
    released = {
        name: path for name in find(root) for path in (root / "assignments" / name).glob("*.ipynb")
    }
    scores = {
        name: answered(text, nbformat.read(path, as_version=4)) for name, path in released.items()
    }
    best = max(scores, key=scores.__getitem__, default="")
    if scores.get(best, 0) < 1:
        raise GradingError(
            f"a notebook of one of {', '.join(scores) or 'the released courseworks'}",
            "one that answers none of their questions",
            "Say which it is with --coursework.",
        )
    return best


def answered(text: str, released: NotebookNode) -> int:
    """Count the questions of a released notebook that a text answers; -1 if it is no notebook."""
    try:
        cells = read_notebook(text).cells
    except GradingError:
        return -1
    ids = {grade_id(cell) for cell in cells} | {cell.id for cell in cells}
    names = _defined(cells)
    stubs = [cell for cell in released.cells if _is_stub(cell)]
    return sum(grade_id(stub) in ids or bool(_defined([stub]) & names) for stub in stubs)


def _is_stub(cell: NotebookNode) -> bool:
    marks = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(marks.get("solution"))


def _defined(cells: Iterable[NotebookNode]) -> set[str]:
    return set().union(*(defined_names(cell.source) for cell in cells), ())
