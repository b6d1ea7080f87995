"""A class as a table: a row a student, a column a question and criterion."""

import csv
import io

from rnn_course.grading.reporting.class_results import ClassResults, Submitted

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ABOUT = (
    "student", "last_name", "first_name", "email", "status", "handed_in", "due", "attempts",
    "penalty", "total", "max_score",
)  # fmt: skip


def marks_table(results: ClassResults) -> str:
    """Return the class as CSV, which spreadsheets open as it is.

    A question's column is called after it, a criterion's ``question.criterion``. Who handed in
    nothing has a row with nothing but a name. A cell is empty where nothing is known.
    """
    questions = [question.id for question in results.coursework]
    criteria = [
        (question.id, criterion.id)
        for question in results.coursework
        if question.judge is not None or question.comparison is not None
        for criterion in question.criteria
    ]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*_ABOUT, *questions, *(f"{q}.{c}" for q, c in criteria)])
    for one in results.submitted:
        about = _about(one, results.max_score)
        marks = [_mark(one, question) for question in questions]
        parts = [_part(one, *criterion) for criterion in criteria]
        writer.writerow([*map(harmless, about), *marks, *parts])
    for member in results.missing:
        names = (member.id, member.last_name, member.first_name, member.email, "missing")
        writer.writerow(map(harmless, names))
    for student in results.ungraded:
        writer.writerow([harmless(student), "", "", "", "not graded"])
    # with the mark in front Excel reads UTF-8, without it the local code page
    return "\ufeff" + buffer.getvalue()


def harmless(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _about(one: Submitted, most: float) -> list[object]:
    member = one.member
    times = [time.isoformat(" ") if time else "" for time in (member.handed_in, member.due)]
    return [
        member.id, member.last_name, member.first_name, member.email, one.status, *times,
        one.attempts or "", member.penalty, member.total, most,
    ]  # fmt: skip


def _mark(one: Submitted, question: str) -> float | str:
    mark = one.member.marks.get(question)
    return "" if mark is None or mark.unmarked else mark.score


def _part(one: Submitted, question: str, criterion: str) -> float | str:
    answer = one.answers.get(question)
    verdict = answer.criteria.get(criterion) if answer else None
    return "" if verdict is None else verdict["score"]
