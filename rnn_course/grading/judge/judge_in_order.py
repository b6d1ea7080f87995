"""Runs the cells of a submission in order; judges each question where its check cell stands."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from nbformat import NotebookNode

from rnn_course.checks.coursework import Question
from rnn_course.checks.report import Report
from rnn_course.grading.intake.release import grade_id
from rnn_course.grading.judge.submission_run import SubmissionRun
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Incident

_NO_PYTHON = "The cell with this answer is no Python, so that nothing in it ran: {}."
_STOPPED = "The cell with this answer stopped before its end: {}. What stands below did not run."
_WITHOUT_OWN = (
    "With the cells that you added, this answer did not work; it was judged without them. Restart "
    "the kernel, run all cells in order, and see which one changes what it needs."
)
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_UNCLOSED = "_IncompleteInputError"  # what IPython gets of Python 3.13 for an open bracket


def judge_in_order(
    run: SubmissionRun,
    cells: Sequence[NotebookNode],
    seed: int,
    limits: Limits,
    wanted: Collection[str],
) -> None:
    """Run cells in order; add a report to ``run.reports`` where a wanted question's check stands.

    Args:
        run: of the submission. A question that has a report there already is not judged.
        cells: those to run.
        seed: decides every random input of the checks.
        limits: what the submission may use.
        wanted: ids of questions.
    """
    for cell in cells:
        question = run.release.course.by_id.get(grade_id(cell).removeprefix("check_"))
        if not grade_id(cell).startswith("check_"):
            if run.session.seconds_left > 0:
                run.run(cell)
        elif question and question.id in wanted and question.id not in run.reports:
            over = run.session.seconds_left <= 0
            late = partial(question.unreached, "timeout", limits.message("submission"))
            run.reports[question.id] = late() if over else _judge(run, question, seed)


def _judge(run: SubmissionRun, question: Question, seed: int) -> Report:
    report = question.report(run.subject, seed)
    if not report.score and run.has_own_cells:
        report = _without_own_cells(run, question, seed, report)
    report = _with_its_cell(report, question, run.stopped.get(question.id))
    if report.breakdown:
        run.tell_of_question(Incident("check", question.id, report.breakdown))
    if report.status in ("crashed", "timeout"):
        message = next(v.message for v in report.verdicts if not v.passed)
        run.tell_of_question(Incident(report.status, question.id, message))
    run.restore()
    for text in report.incidents:
        run.tell_of_question(Incident("review", question.id, text))
    return report


def _without_own_cells(run: SubmissionRun, question: Question, seed: int, report: Report) -> Report:
    """Judge an answer that earned nothing in a process without the cells that a student added.

    Such a cell may have changed what the answers rely on: a name, a function of torch, a setting.
    Where an answer is better off without them, they are left out from there on.
    """
    before = run.leave_own_cells_out()
    again = question.report(run.subject, seed)
    if again.score:
        run.tell_of_question(Incident("recovered", question.id, _WITHOUT_OWN))
        return replace(again, notes=(*again.notes, _WITHOUT_OWN))
    run.go_on_with(before)
    return report


def _with_its_cell(report: Report, question: Question, error: tuple[str, str] | None) -> Report:
    """Say what stopped the cell of an answer, where the answer is not right."""
    if error is None or report.status == "passed" or error[0] == "NotImplementedError":
        return report
    kind = "SyntaxError" if error[0] == _UNCLOSED else error[0]
    said = ": ".join(filter(None, (kind, error[1])))[:300].rstrip(".")
    if kind in _SYNTAX and not report.score:
        return question.unreached("failed", _NO_PYTHON.format(said))
    return replace(report, notes=(*report.notes, _STOPPED.format(said)))
