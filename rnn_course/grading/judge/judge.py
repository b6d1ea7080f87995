"""Grades one submission: runs its cells behind the wall, asks, decides, writes it down."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import nbformat
from nbformat import NotebookNode

from rnn_course.checks.display import as_html
from rnn_course.checks.report import Report, Status
from rnn_course.errors import GradingError
from rnn_course.grading.intake.notebook_reader import read_notebook
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.intake.repair import Repaired, repair
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.judge_in_order import judge_in_order
from rnn_course.grading.judge.kernel_session import KernelSession
from rnn_course.grading.judge.submission_run import SubmissionRun
from rnn_course.grading.judge.withheld_run import Launch, judge_withheld
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Incident, Result, ResultStatus

_AGAIN = "Hand in the .ipynb file itself, under the name it was given out with."


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
        launch: starts a kernel for this submission, without what a question withholds.
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
    found, seen = _judge_all(submission, release, repaired, launch, seed, limits)
    reports = _all_reports(release, found)
    _write_all(repaired.notebook, reports)
    incidents = (*submission.remarks, *repaired.remarks, *seen)
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


def _judge_all(
    submission: Submission,
    release: Release,
    repaired: Repaired,
    launch: Launch,
    seed: int,
    limits: Limits,
) -> tuple[dict[str, Report], Sequence[Incident]]:
    """Run the cells and judge every question, those that withhold something apart."""
    busy = [c for c in repaired.notebook.cells if c.id not in repaired.idle]
    cells = [c for c in busy if c.cell_type == "code" and c.source.strip()]
    started = partial(_started, release, submission)
    withheld = judge_withheld(started, cells, launch, release.course, seed, limits)
    run = withheld.whole
    if run is None:
        session = KernelSession(launch, limits)
        run = started(session, ())
        run.reports.update(withheld.settled)
        judged = [question.id for question in release.course if question.judge]
        try:
            judge_in_order(run, cells, seed, limits, judged)
        finally:
            session.close()
    run.show()
    told = withheld.settle(run.reports, release.course)
    return run.reports, tuple(dict.fromkeys((*run.incidents, *withheld.incidents, *told)))


def _started(
    release: Release, submission: Submission, session: KernelSession, without: Collection[str]
) -> SubmissionRun:
    return SubmissionRun(session, release, submission.files, frozenset(without))


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
