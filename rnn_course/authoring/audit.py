"""Is a notebook of ours complete, consistent with its questions, and right? A pure function."""

import re
from collections import Counter
from typing import Any

from nbformat import NotebookNode

from rnn_course.authoring.normalise import code_digest
from rnn_course.checks.coursework import Coursework, Question

_SCHEME = re.compile(r"^\*\*Marking scheme\*\*", re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
_BULLET = re.compile(r"^[-*] \**(\d+(?:\.\d+)?) points?\b", re.MULTILINE)


def audit(notebook: NotebookNode, course: Coursework) -> list[str]:
    """Say what is wrong with a source notebook; [] if nothing is.

    Every question has a statement ``about_`` + id, an answer cell and, unless a person marks it,
    a check cell, in this order and worth what the coursework says; every essay has a marking
    scheme that adds up; where a question says to read, there is a heading; the stored outputs come
    from the stored code, and show full marks.

    Args:
        notebook: from ``solutions/``, executed.
        course: its questions.
    """
    ids = [cell.id for cell in notebook.cells]
    found = [f"two cells have the id {ident}" for ident, n in Counter(ids).items() if n > 1]
    cells = {cell.id: cell for cell in notebook.cells}
    headings = _headings(notebook)
    for question in course:
        found += _question(question, cells, ids)
        if question.read and question.read not in headings:
            found.append(f"{question.id} sends readers to {question.read!r}, which is no heading")
    known = {q.id if q.judge is None else f"check_{q.id}" for q in course}
    graded = [cell.id for cell in notebook.cells if _grading(cell).get("grade")]
    found += [f"{ident} is graded but no question's" for ident in graded if ident not in known]
    return found + _stored(notebook)


def _headings(notebook: NotebookNode) -> set[str]:
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return {heading for text in texts for heading in _HEADING.findall(text)}


def _question(question: Question, cells: dict[str, NotebookNode], ids: list[str]) -> list[str]:
    manual = question.judge is None
    wanted = [question.id, *([] if manual else [f"check_{question.id}"])]
    statement = f"about_{question.id}"
    wanted = [statement, *wanted] if statement in cells else wanted
    missing = [ident for ident in wanted if ident not in cells]
    if missing:
        return [f"{question.id} lacks the cell {ident}" for ident in missing]
    found = []
    if [ident for ident in ids if ident in wanted] != wanted:
        found.append(f"{question.id}: its cells should stand in the order {', '.join(wanted)}")
    graded = cells[wanted[-1]]
    points = _grading(graded).get("points")
    if not _grading(graded).get("grade") or points != question.points:
        found.append(f"{graded.id} is worth {points} points, not {question.points:g}")
    answer = cells[question.id]
    if not _grading(answer).get("solution"):
        found.append(f"{question.id} is no solution cell")
    return found + (_scheme(answer, question) if manual else _checked(answer, graded, question))


def _scheme(answer: NotebookNode, question: Question) -> list[str]:
    parts = _SCHEME.split(answer.source)
    if len(parts) != 2:
        return [f"{question.id} has no '**Marking scheme**' below its model answer"]
    total = sum(map(float, _BULLET.findall(parts[1])))
    if total != question.points:
        return [f"{question.id}: its marking scheme adds up to {total:g}, not {question.points:g}"]
    return []


def _checked(answer: NotebookNode, check: NotebookNode, question: Question) -> list[str]:
    found = []
    if "### BEGIN SOLUTION" not in answer.source:
        found.append(f"{question.id} has no marked solution: students would lose its signature")
    if check.source != f'check("{question.id}")':
        found.append(f'{check.id} should be the one line check("{question.id}")')
    shown = [out.get("data", {}).get("text/plain") for out in check.outputs]
    if shown != [repr(float(question.points))]:
        found.append(f"{check.id} shows {shown}, not full marks")
    return found


def _stored(notebook: NotebookNode) -> list[str]:
    errors = [
        f"{cell.id} is stored with the error {out.ename}"
        for cell in notebook.cells
        if cell.cell_type == "code"
        for out in cell.outputs
        if out.output_type == "error"
    ]
    if notebook.metadata.get("rnn_course", {}).get("executed") != code_digest(notebook):
        errors.append("its code has changed since its outputs were stored")
    return errors


def _grading(cell: NotebookNode) -> dict[str, Any]:
    return cell.metadata.get("nbgrader", {})
