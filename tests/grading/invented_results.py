"""Results of the toy coursework, in memory and on disk, without running anything."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import toy

from rnn_course.checks.coursework import Question
from rnn_course.checks.report import Misconception, Report
from rnn_course.grading.gradebook.class_list import Mark, Member
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.recorder import Entry, open_recorder
from rnn_course.grading.judge.grading_task import Graded
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.reporting.class_results import Answer, ClassResults, Submitted
from rnn_course.grading.result import Incident, Result

QUESTIONS = [question.id for question in toy.COURSEWORK if question.judge]
RIGHT = (3.0, 1.0)


def criteria(
    question: str, value: float = 3, pure: float = 1, message: str = "", name: str | None = None
) -> dict[str, dict[str, Any]]:
    """Return a question's criteria, as a result has them."""
    about = toy.COURSEWORK[question].criteria
    return {
        criterion.id: {
            "id": criterion.id,
            "passed": score == criterion.points,
            "score": float(score),
            "max_score": criterion.points,
            "message": message if score < criterion.points else "",
            "misconception": name if score < criterion.points else None,
        }
        for criterion, score in zip(about, (value, pure), strict=True)
    }


def answer(value: float = 3, pure: float = 1, message: str = "", name: str | None = None) -> Answer:
    """Return an answer to any of the questions, with points for both criteria."""
    earned = value + pure
    status = "passed" if earned == 4 else "partial" if earned else "failed"
    return Answer(status, criteria("double", value, pure, message, name))


def submitted(
    student: str, incidents: tuple[dict[str, str], ...] = (), **answers: Answer
) -> Submitted:
    """Return a student's submission: right, but for the answers given; the essay is to mark."""
    every = {question: answers.get(question, answer()) for question in QUESTIONS}
    marks = {q: _mark(sum(c["score"] for c in a.criteria.values()), 4) for q, a in every.items()}
    marks["essay"] = Mark(0.0, 2.0, None, overridden=False, pending=True)
    member = Member(student, page=f"page-of-{student}", marks=marks)
    return Submitted(member, every, incidents)


def _mark(score: float, most: float) -> Mark:
    return Mark(score, most, score, overridden=False, pending=False)


def class_of(*students: Submitted, missing: tuple[Member, ...] = ()) -> ClassResults:
    """Return a class."""
    return ClassResults(toy.COURSEWORK, students, missing, ())


def record(
    root: Path,
    student: str,
    scores: Mapping[str, tuple[float, float]],
    *,
    message: str = "off by 0.5",
    incidents: tuple[Incident, ...] = (),
    handed_in: datetime | None = None,
) -> None:
    """Write a graded submission as `autograde` does, with these points for both criteria."""
    reports = tuple(_report(q, scores.get(q.id, RIGHT), message) for q in toy.COURSEWORK)
    result = Result("toy", "toy.ipynb", "graded", {}, reports, incidents)
    notebook = nbformat.writes(_graded_notebook(reports))
    submission = root / "submitted" / student / "toy"
    submission.mkdir(parents=True)
    (submission / "toy.ipynb").write_text(toy.text())
    if handed_in:
        (submission / "timestamp.txt").write_text(handed_in.isoformat(" "))
    course = Course(root)
    with open_recorder(course, "toy") as recorder:
        recorder.record(Entry(student, "toy.ipynb", notebook))
    ResultStore(root, "toy").put(student, {"made": "here"}, Graded(notebook, result))


def _report(question: Question, earned: tuple[float, float], message: str) -> Report:
    if question.judge is None:
        return question.unreached("manual", "Marked by a person.")
    wrong = Misconception("tripled", "It is three times x.", "2 is not 3.", "Double")
    report = question.unreached("failed", message)
    verdicts = tuple(
        replace(
            verdict,
            passed=score == verdict.criterion.points,
            score=score,
            message=message if score < verdict.criterion.points else "",
            misconception=wrong if score == 0 and verdict.criterion.id == "value" else None,
        )
        for verdict, score in zip(report.verdicts, earned, strict=True)
    )
    total = sum(earned)
    return replace(
        report,
        verdicts=verdicts,
        status="passed" if total == 4 else "partial" if total else "failed",
    )


def _graded_notebook(reports: tuple[Report, ...]) -> nbformat.NotebookNode:
    notebook = toy.solved()
    shown = {f"check_{report.question}": repr(report) for report in reports}
    for cell in notebook.cells:
        if cell.id in shown:
            data = {"text/plain": shown[cell.id]}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=None)]
    return notebook
