"""Grades one submission: runs its cells behind the wall, asks, decides, writes it down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import nbformat
from nbformat import NotebookNode

from rnn_course.checks.display import as_html
from rnn_course.checks.report import Report, Status
from rnn_course.checks.subject import SubjectLostError
from rnn_course.errors import GradingError
from rnn_course.grading.intake.notebook_reader import read_notebook
from rnn_course.grading.intake.outputs import harmless
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.intake.repair import Repaired, repair
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.kernel_session import Kernel, KernelSession
from rnn_course.grading.judge.remote_subject import RemoteSubject
from rnn_course.grading.judge.tampering import tampering, tampering_modules
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Incident, Result, ResultStatus

Launch = Callable[[], Kernel]
_TAMPERED_WITH = (
    "A cell above this check, or a module of yours, reaches into what checks it ({}), so that no "
    "answer can be relied on. Remove that and hand the notebook in again."
)
_AGAIN = "Hand in the .ipynb file itself, under the name it was given out with."


@dataclass
class _Grading:
    """The state of grading one submission, while it lasts."""

    release: Release
    repaired: Repaired
    files: Mapping[str, bytes]
    seed: int
    session: KernelSession
    limits: Limits
    ran: list[str] = field(default_factory=list)
    tampered_with: list[str] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)


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
    state = _Grading(release, repaired, submission.files, seed, session, limits)
    cells = [cell.source for cell in repaired.notebook.cells if cell.cell_type == "code"]
    _note_tampering(state, "", tampering_modules(submission.files, cells))
    try:
        _run(state)
    finally:
        session.close()
    reports = _all_reports(state)
    _write_all(repaired.notebook, reports)
    incidents = (*submission.remarks, *repaired.remarks, *state.incidents)
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


def _run(state: _Grading) -> None:
    """Run the cells in order; judge a question where its check cell stands."""
    idle = state.repaired.idle
    for cell in state.repaired.notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip() or cell.id in idle:
            continue
        question = grade_id(cell).removeprefix("check_")
        if grade_id(cell).startswith("check_"):
            _judge(state, question)
        else:
            _run_cell(state, cell)


def _run_cell(state: _Grading, cell: NotebookNode) -> None:
    if state.session.seconds_left <= 0:
        return
    _note_tampering(state, cell.id, tampering(cell.source))
    try:
        done = state.session.run(cell.source)
    except SubjectLostError as lost:
        _cost(state, cell, "timeout" if lost.status == "timeout" else "crashed", lost.came)
        _replay(state)
        return
    cell.outputs = harmless(done.outputs)
    if done.status in ("timeout", "output"):
        _cost(state, cell, "timeout" if done.status == "timeout" else "failed", done.message)
        return
    if done.limit:
        state.incidents.append(Incident(done.limit, cell.id, done.message))
    state.ran.append(cell.source)


def _note_tampering(state: _Grading, cell: str, reached: Sequence[str]) -> None:
    if reached:
        state.tampered_with += reached
        what = "The cell" if cell else "A module that came with the notebook"
        message = f"{what} reaches into the checks: {', '.join(reached)[:200]}."
        state.incidents.append(Incident("suspicious", cell, message))


def _cost(state: _Grading, cell: NotebookNode, status: Status, message: str) -> None:
    """Record what a cell did to itself; where it answers a question, that question pays."""
    state.incidents.append(Incident(status, cell.id, message))
    if question := state.release.course.by_id.get(grade_id(cell)):
        state.reports[question.id] = question.unreached(status, message)


def _replay(state: _Grading) -> None:
    """Where the kernel was lost, run again in a fresh one what had run well."""
    remaining = iter(state.ran if state.session.lost else ())
    while (source := next(remaining, None)) is not None and state.session.seconds_left > 0:
        try:
            state.session.run(source)
        except SubjectLostError:  # worked once, kills now: leave it out, and start over
            state.ran.remove(source)
            remaining = iter(state.ran)


def _judge(state: _Grading, name: str) -> None:
    question = state.release.course.by_id.get(name)
    if question is None or question.judge is None or name in state.reports:
        return
    if state.session.seconds_left <= 0:
        message = state.limits.message("submission")
        state.reports[name] = question.unreached("timeout", message)
        return
    if state.tampered_with:
        what = ", ".join(dict.fromkeys(state.tampered_with))[:200]
        state.reports[name] = question.unreached("failed", _TAMPERED_WITH.format(what))
        return
    subject = RemoteSubject(state.session, state.ran, state.files)
    report = question.report(subject, state.seed)
    state.reports[name] = report
    if report.breakdown:
        state.incidents.append(Incident("check", name, report.breakdown))
    if report.status in ("crashed", "timeout"):
        message = next(v.message for v in report.verdicts if not v.passed)
        state.incidents.append(Incident(report.status, name, message))
    _replay(state)
    state.incidents += [Incident("suspicious", name, text) for text in report.incidents]


def _all_reports(state: _Grading) -> tuple[Report, ...]:
    lost, by_hand = "No outcome was recorded for this question.", "Marked by a person."
    return tuple(
        state.reports.get(q.id)
        or (q.unreached("missing", lost) if q.judge else q.unreached("manual", by_hand))
        for q in state.release.course
    )


def _write_all(notebook: NotebookNode, reports: Sequence[Report]) -> None:
    """Write reports into the check cells, as nbgrader reads them."""
    by_question = {report.question: report for report in reports}
    for cell in notebook.cells:
        report = by_question.get(grade_id(cell).removeprefix("check_"))
        if report is None or not grade_id(cell).startswith("check_"):
            continue
        remarks = "".join(f"<p>{escape(text)}</p>" for text in report.incidents)
        data = {"text/plain": repr(report), "text/html": as_html(report) + remarks}
        cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=None)]
