"""Grades one submission: runs its cells behind the wall, asks, decides, writes it down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import nbformat
from nbformat import NotebookNode

from rnn_course.checks.coursework import Question
from rnn_course.checks.display import as_html
from rnn_course.checks.report import Report, Status
from rnn_course.errors import GradingError
from rnn_course.grading.intake.notebook_reader import read_notebook
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.intake.repair import Repaired, repair
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.kernel_session import Kernel, KernelSession
from rnn_course.grading.judge.submission_run import SubmissionRun
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Incident, Result, ResultStatus

Launch = Callable[[], Kernel]
_NO_PYTHON = "The cell with this answer is no Python, so that nothing in it ran: {}."
_STOPPED = "The cell with this answer stopped before its end: {}. What stands below did not run."
_WITHOUT_OWN = (
    "With the cells that you added, this answer did not work; it was judged without them. Restart "
    "the kernel, run all cells in order, and see which one changes what it needs."
)
_AGAIN = "Hand in the .ipynb file itself, under the name it was given out with."
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")


def grade(
    submission: Submission,
    release: Release,
    *,
    launch: Launch,
    seed: int,
    limits: Limits,
    environment: dict[str, str],
) -> tuple[NotebookNode, Result]:
    """Grade one submission.

    Args:
        submission: what was handed in.
        release: what was handed out.
        launch: starts a kernel for this submission.
        seed: decides every random input of the checks.
        limits: what the submission may use.
        environment: what to say about the machine in the result.

    Returns:
        The notebook with outputs and reports written into it, and the result. Never raises for
        what a submission contains.
    """
    try:
        repaired = _repaired(submission, release)
    except GradingError as error:
        return ungraded(submission, release, environment, "unreadable", str(error))
    session = KernelSession(launch, limits)
    run = SubmissionRun(session, release, submission.files)
    try:
        reports = _all_reports(release, _run(run, repaired, seed, limits))
    finally:
        session.close()
    _write_all(repaired.notebook, reports)
    incidents = (*submission.remarks, *repaired.remarks, *run.incidents)
    result = Result(
        release.course.name, release.course.notebook, "graded", environment, reports, incidents
    )
    return repaired.notebook, result


def ungraded(
    submission: Submission,
    release: Release,
    environment: dict[str, str],
    status: ResultStatus,
    why: str,
) -> tuple[NotebookNode, Result]:
    """Give a submission that could not be run no points, and say why in every check.

    What can be read of it is kept, so that a person can still mark the essays.
    """
    reached: Status = "missing" if status == "unreadable" else "crashed"
    reports = tuple(
        question.unreached(reached if question.judge else "manual", why)
        for question in release.course
    )
    try:
        notebook = _repaired(submission, release).notebook
    except GradingError:
        notebook = repair(nbformat.v4.new_notebook(), release).notebook
    _write_all(notebook, reports)
    incidents = (*submission.remarks, Incident(status, "", why))
    result = Result(
        release.course.name, release.course.notebook, status, environment, reports, incidents
    )
    return notebook, result


def _repaired(submission: Submission, release: Release) -> Repaired:
    if submission.problem:
        raise GradingError(f"a notebook {release.course.notebook}", submission.problem, _AGAIN)
    return repair(read_notebook(submission.text), release)


def _run(run: SubmissionRun, repaired: Repaired, seed: int, limits: Limits) -> dict[str, Report]:
    """Run the cells in order; judge a question where its check cell stands."""
    reports = run.costs
    for cell in repaired.notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip() or cell.id in repaired.idle:
            continue
        question = run.release.course.by_id.get(grade_id(cell).removeprefix("check_"))
        if not grade_id(cell).startswith("check_"):
            if run.session.seconds_left > 0:
                run.run(cell)
        elif question and question.judge and question.id not in reports:
            over = run.session.seconds_left <= 0
            late = partial(question.unreached, "timeout", limits.message("submission"))
            reports[question.id] = late() if over else _judge(run, question, seed)
    return reports


def _judge(run: SubmissionRun, question: Question, seed: int) -> Report:
    report = question.report(run.subject, seed)
    if not report.score and run.has_own_cells:
        report = _without_own_cells(run, question, seed, report)
    report = _with_its_cell(report, question, run.stopped.get(question.id))
    if report.breakdown:
        run.incidents.append(Incident("check", question.id, report.breakdown))
    if report.status in ("crashed", "timeout"):
        message = next(v.message for v in report.verdicts if not v.passed)
        run.incidents.append(Incident(report.status, question.id, message))
    run.restore()
    run.incidents += [Incident("review", question.id, text) for text in report.incidents]
    return report


def _without_own_cells(run: SubmissionRun, question: Question, seed: int, report: Report) -> Report:
    """Judge an answer that earned nothing in a process without the cells that a student added.

    Such a cell may have changed what the answers rely on: a name, a function of torch, a setting.
    Where an answer is better off without them, they are left out from there on.
    """
    before = run.leave_own_cells_out()
    again = question.report(run.subject, seed)
    if again.score:
        run.incidents.append(Incident("recovered", question.id, _WITHOUT_OWN))
        return replace(again, notes=(*again.notes, _WITHOUT_OWN))
    run.go_on_with(before)
    return report


def _with_its_cell(report: Report, question: Question, error: tuple[str, str] | None) -> Report:
    """Say what stopped the cell of an answer, where the answer is not right."""
    if error is None or report.status == "passed" or error[0] == "NotImplementedError":
        return report
    said = ": ".join(filter(None, error))[:300].rstrip(".")
    if error[0] in _SYNTAX and not report.score:
        return question.unreached("failed", _NO_PYTHON.format(said))
    return replace(report, notes=(*report.notes, _STOPPED.format(said)))


def _all_reports(release: Release, reports: Mapping[str, Report]) -> tuple[Report, ...]:
    lost, by_hand = "No outcome was recorded for this question.", "Marked by a person."
    return tuple(
        reports.get(q.id)
        or (q.unreached("missing", lost) if q.judge else q.unreached("manual", by_hand))
        for q in release.course
    )


def _write_all(notebook: NotebookNode, reports: Sequence[Report]) -> None:
    """Write reports into the check cells, as nbgrader reads them."""
    by_question = {report.question: report for report in reports}
    for cell in notebook.cells:
        report = by_question.get(grade_id(cell).removeprefix("check_"))
        if report is None or not grade_id(cell).startswith("check_"):
            continue
        data = {"text/plain": repr(report), "text/html": as_html(report)}
        cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=None)]
