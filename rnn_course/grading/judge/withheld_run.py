"""Judges the questions that withhold an implementation in a process where that does not exist.

The same cells run there with the same seed, in a kernel of its own. An answer that is right there
is right, whatever it may try elsewhere; one that called what is withheld is told so. Nothing is
asked of the process that runs it, and there is no one else to deceive.

A cell that uses torch's own layers where that is allowed, to compare with or in another question,
stops there. What it defines is defined all the same. Should an answer fail where a cell has
stopped, nobody can be sure why: it is judged in the ordinary process too, and what it earns there
counts; a person is told.

As a rule no cell asks for torch's recurrent layers. Then the process without them has done what an
ordinary one would have, so that it judges the other questions too, and there is no second one.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from nbformat import NotebookNode

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.forbidden import BY_MACHINE, FORBIDDEN
from rnn_course.checks.report import Report
from rnn_course.checks.withheld import AUTOGRAD, RECURRENT, asks_for_gone
from rnn_course.errors import ObservationError
from rnn_course.grading.intake.release import grade_id
from rnn_course.grading.judge.judge_in_order import judge_in_order
from rnn_course.grading.judge.kernel_session import Kernel, KernelSession
from rnn_course.grading.judge.submission_run import SubmissionRun
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Incident

_SEEN = {FORBIDDEN.id, BY_MACHINE.id}
_DOUBTED = (
    "This answer earned {:g} points, and {:g} where {} not exist. That may be the doing of another "
    "cell, which needs them too. Nothing is taken off; a person may look at it."
)
_NAMES = {RECURRENT: "torch's own recurrent layers", AUTOGRAD: "torch's gradients"}


class Launch(Protocol):
    """Starts a kernel for a submission."""

    def __call__(self, without: Collection[str] = ()) -> Kernel:
        """Start one in which these kinds of implementations do not exist."""


@dataclass
class Withheld:
    """What came of the questions that withhold something.

    Attributes:
        settled: reports that stand.
        doubted: reports of questions that are to be judged in the ordinary process too, None
            where a question was not reached.
        incidents: of the settled ones.
        whole: the run that everything was judged in, where nothing withheld was asked for.
    """

    settled: dict[str, Report] = field(default_factory=dict)
    doubted: dict[str, Report | None] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)
    whole: SubmissionRun | None = None

    def settle(self, reports: dict[str, Report], course: Coursework) -> list[Incident]:
        """Decide, once they were judged in the ordinary process, about those in doubt.

        Args:
            reports: of that process; changed where the other one was kinder.
            course: the questions.

        Returns:
            What a person is to be told.
        """
        found = []
        for name, there in self.doubted.items():
            here, less = reports.get(name), there.score if there else 0.0
            if there and (here is None or there.score >= here.score):
                reports[name] = there
            elif here and here.score > less:
                gone = " and ".join(_NAMES[kind] for kind in sorted(course.by_id[name].without))
                said = _DOUBTED.format(here.score, less, f"{gone} do")
                found.append(Incident("review", name, said))
        return found


def judge_withheld(
    started: Callable[[KernelSession, Collection[str]], SubmissionRun],
    cells: Sequence[NotebookNode],
    launch: Launch,
    course: Coursework,
    seed: int,
    limits: Limits,
) -> Withheld:
    """Judge all questions that withhold something, each where that does not exist.

    Args:
        started: makes a submission's run of a session and what is withheld in it.
        cells: of the submission, in order.
        launch: starts its kernels.
        course: the questions.
        seed: decides every random input of the checks.
        limits: what the submission may use, in each process anew: else a mark would depend on
            how many there are.
    """
    found = Withheld()
    judged = [question for question in course if question.judge]
    groups = [kinds for kinds in dict.fromkeys(q.without for q in judged) if kinds]
    for kinds in groups:
        asked = [question for question in judged if question.without == kinds]
        checks = [n for n, cell in enumerate(cells) if _checks(cell, asked)]
        if not checks:
            continue
        # without derivatives results are silently others; with one more kind this is not the last
        may_be_whole = groups == [{RECURRENT}]
        wanted = [question.id for question in (judged if may_be_whole else asked)]
        session = KernelSession(partial(launch, kinds), limits)
        run = started(session, kinds)
        end = checks[-1] + 1
        try:
            judge_in_order(run, cells[:end], seed, limits, wanted)
            for question in asked:
                _sort(found, run, question)
            if may_be_whole and not found.doubted and _is_ordinary(run):
                judge_in_order(run, cells[end:], seed, limits, wanted)
                found.whole = run if _is_ordinary(run) else None
        finally:
            session.close()
        found.incidents += [i for i in run.of_questions if i.cell in found.settled]
    return found


def _is_ordinary(run: SubmissionRun) -> bool:
    """Tell whether a run met nothing that an ordinary process would have met otherwise."""
    ended = any(report.status in ("crashed", "timeout") for report in run.reports.values())
    if run.missed or run.costs or ended:
        return False
    with suppress(ObservationError):  # it ended at this question: nobody knows
        return not run.session.missed()
    return False


def _checks(cell: NotebookNode, questions: Sequence[Question]) -> bool:
    return grade_id(cell) in {f"check_{question.id}" for question in questions}


def _sort(found: Withheld, run: SubmissionRun, question: Question) -> None:
    """Let a report stand, or doubt it."""
    report = run.reports.get(question.id)
    if report is None or question.id in run.costs or report.status in ("crashed", "timeout"):
        found.doubted[question.id] = None
        return
    # an earlier answer that was not to use it either; that question has paid for it
    borrowed = any(_seen(found.settled.get(name)) for name in question.needs)
    sure = report.status == "passed" or _seen(report)
    if sure or not (run.missed or borrowed):
        found.settled[question.id] = report
    else:
        found.doubted[question.id] = report


def _seen(report: Report | None) -> bool:
    """Tell whether what is withheld was seen at work."""
    verdicts = report.verdicts if report else ()
    return any(
        asks_for_gone(v.message) or (v.misconception and v.misconception.id in _SEEN)
        for v in verdicts
    )
