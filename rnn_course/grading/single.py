"""One notebook, no gradebook: what ``rnn-course grade`` does."""

from pathlib import Path

from rnn_course.checks.coursework import COURSEWORKS, coursework
from rnn_course.errors import GradingError
from rnn_course.grading.release import defined_names, grade_id
from rnn_course.grading.repair import read_notebook
from rnn_course.grading.result import Result
from rnn_course.grading.submission import grade_submission


def grade_file(file: Path, name: str, root: Path, *, trust: bool = False) -> Result:
    """Grade a notebook file; tell its coursework by its questions where no name is given.

    Raises:
        GradingError: there is no such file, or its coursework cannot be told.
    """
    if not file.is_file():
        raise GradingError("a notebook to grade", f"no file {file}", "Check the path.")
    name = name or recognise(file.read_text(errors="replace"), root)
    return grade_submission(file, name, root.resolve(), trust=trust)[1]


def recognise(text: str, root: Path) -> str:
    """Tell which coursework a notebook answers: by its grade ids, else by what it defines."""
    notebook = read_notebook(text)
    ids = {grade_id(cell) for cell in notebook.cells} | {cell.id for cell in notebook.cells}
    names = set().union(*(defined_names(cell.source) for cell in notebook.cells), ())
    scores: dict[str, int] = {}
    for candidate in COURSEWORKS:
        if not (root / "assignments" / candidate).is_dir():
            continue
        course = coursework(candidate)
        code = [question for question in course if question.judge]
        scores[candidate] = sum(q.id in ids or set(q.defines) <= names for q in code)
    best = max(scores, key=scores.get, default="")
    if not best or not scores[best]:
        raise GradingError(
            f"a notebook of one of {', '.join(scores) or 'no released coursework'}",
            "one that answers none of their questions",
            "Say which it is with --coursework.",
        )
    return best
