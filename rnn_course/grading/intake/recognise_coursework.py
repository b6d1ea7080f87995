"""Tells which coursework a notebook answers, by its grade ids or by what it defines."""

from pathlib import Path

from rnn_course.checks.courses import find
from rnn_course.errors import GradingError
from rnn_course.grading.intake.notebook_reader import read_notebook
from rnn_course.grading.intake.release import Release, defined_names, grade_id


def answered(text: str, release: Release) -> int:
    """Count the questions of a release that a notebook seems to answer; -1 if it is none."""
    try:
        notebook = read_notebook(text)
    except GradingError:
        return -1
    ids = {grade_id(cell) for cell in notebook.cells} | {cell.id for cell in notebook.cells}
    names = set().union(*(defined_names(cell.source) for cell in notebook.cells), ())
    code = [question for question in release.course if question.judge]
    return sum(q.id in ids or (bool(q.defines) and set(q.defines) <= names) for q in code)


def recognise_coursework(text: str, root: Path) -> str:
    """Return the name of the coursework whose questions a notebook answers most of.

    Raises:
        GradingError: it answers none.
    """
    released = [name for name in find(root) if (root / "assignments" / name).is_dir()]
    scores = {name: answered(text, Release.load(name, root)) for name in released}
    best = max(scores, key=scores.__getitem__, default="")
    if scores.get(best, 0) < 1:
        raise GradingError(
            f"a notebook of one of {', '.join(scores) or 'the released courseworks'}",
            "one that answers none of their questions",
            "Say which it is with --coursework.",
        )
    return best
