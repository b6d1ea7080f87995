"""One submission's cells: run in order, each at its own risk, and again where one ends the process.

A cell costs at most the question that it answers. One that ends the process, or that a limit
stopped, is left out from there on; what it leaves behind goes with its process.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from nbformat import NotebookNode

from rnn_course.checks.cell_source import definitions
from rnn_course.checks.reaching import reached, reached_through, reaching_modules
from rnn_course.checks.report import Report, Status
from rnn_course.checks.subject import SubjectLostError
from rnn_course.checks.unusual import unusual
from rnn_course.checks.withheld import misses
from rnn_course.grading.host.kernel_client import Execution
from rnn_course.grading.intake.outputs import harmless
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.judge.kernel_session import KernelSession
from rnn_course.grading.judge.remote_subject import RemoteSubject
from rnn_course.grading.result import Incident

_NOT_RUN = (
    "This answer was not run: it reaches into what checks it ({}). Write it without that, or ask "
    "your instructor to look at it."
)
_LEFT_OUT = "This cell was not run: it reaches into what checks the answers ({})."
_UNUSUAL = (
    "{} uses {}, which an answer rarely needs. Nothing is taken off for that; a person may look "
    "at it."
)
_EXIT = (
    "This cell asks Python to end (`exit()`). The cells below it were run all the same; leave "
    "it out."
)


@dataclass(frozen=True)
class _Ran:
    """A cell that ran; ``own`` where it is neither an answer nor as it was handed out."""

    source: str
    own: bool


@dataclass
class SubmissionRun:
    """The cells of one submission that ran, and the process that they ran in.

    Attributes:
        session: the kernels.
        release: what was handed out.
        files: what was handed in beside the notebook, by relative path.
        without: what does not exist in this process; see `checks.withheld`.
        stopped: questions whose answer raised, with the type and the text of the exception.
        reports: of the questions judged so far, and of those whose answer was stopped or not run.
        costs: ids of the latter.
        missed: whether a cell stopped for want of what does not exist here.
        incidents: what the instructor should know.
        of_questions: those that are not about what a cell did.
        shown: cells with what they showed.
    """

    session: KernelSession
    release: Release
    files: Mapping[str, bytes]
    without: frozenset[str] = frozenset()
    stopped: dict[str, tuple[str, str]] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    costs: set[str] = field(default_factory=set)
    missed: bool = False
    incidents: list[Incident] = field(default_factory=list)
    of_questions: list[Incident] = field(default_factory=list)
    shown: list[tuple[NotebookNode, list[NotebookNode]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ran: list[_Ran] = []
        self._modules = reaching_modules(self.files)
        for name, content in self.files.items():
            if name.endswith(".py"):
                self._note_unusual("", f"The module {name}", content.decode(errors="replace"))
        cells = self.release.notebook.cells
        self._given = {cell.source.strip() for cell in cells if cell.cell_type == "code"}

    @property
    def subject(self) -> RemoteSubject:
        """What the judge asks."""
        return RemoteSubject(self.session, [ran.source for ran in self._ran], self.files)

    def run(self, cell: NotebookNode) -> None:
        """Run a cell, unless it reaches into the checks, and keep its outputs."""
        if cell.source.strip() not in self._given:
            inside = [*reached(cell.source), *reached_through(cell.source, self._modules)]
            if inside:
                self._leave_out(cell, ", ".join(dict.fromkeys(inside))[:200])
                return
            self._note_unusual(cell.id, "This cell", cell.source)
        try:
            done = self.session.run(cell.source)
        except SubjectLostError as lost:
            self._cost(cell, "timeout" if lost.status == "timeout" else "crashed", lost.came)
            self.restore()
            return
        self.shown.append((cell, done.outputs))
        if done.status in ("timeout", "output"):
            self._cost(cell, "timeout" if done.status == "timeout" else "failed", done.message)
            return
        self._keep(cell, done)

    def show(self) -> None:
        """Write what the cells showed into them."""
        for cell, outputs in self.shown:
            cell.outputs = harmless(outputs)

    def tell_of_question(self, incident: Incident) -> None:
        """Record what came of judging a question."""
        self.incidents.append(incident)
        self.of_questions.append(incident)

    def restore(self) -> None:
        """Where the kernel was lost, run again in a fresh one what had run well."""
        remaining = iter(self._ran if self.session.lost else ())
        while (ran := next(remaining, None)) is not None and self.session.seconds_left > 0:
            try:
                self.session.run(ran.source)
            except SubjectLostError:  # worked once, kills now: leave it out, and start over
                self._ran.remove(ran)
                remaining = iter(self._ran)

    @property
    def has_own_cells(self) -> bool:
        """Whether a cell ran that is neither an answer nor as it was handed out."""
        return any(ran.own for ran in self._ran)

    def leave_own_cells_out(self) -> "list[_Ran]":
        """Go on in a process without the cells that a student added; return all that ran."""
        before = self._ran
        self.go_on_with([ran for ran in before if not ran.own])
        return before

    def go_on_with(self, ran: "list[_Ran]") -> None:
        """Go on in a fresh process, where these have run."""
        self._ran = ran
        self.session.renew()
        self.restore()

    def _keep(self, cell: NotebookNode, done: Execution) -> None:
        """Remember a cell that ran, with what became of it."""
        question, source = grade_id(cell), cell.source
        if done.limit:
            self._tell(done.limit, cell.id, done.message)
            # what it held stays held: a fresh process goes on with what the cell defines
            source = definitions(source)
            self.session.close()
        elif done.error and done.error[0] == "SystemExit":
            self._tell("exit", cell.id, _EXIT)
        elif done.error and self.without and misses(done.error[1]):
            self.missed, source = True, definitions(source)
            self._define(source)
        elif done.error and question:
            self.stopped[question] = done.error
        own = not question and cell.source.strip() not in self._given
        self._ran.append(_Ran(source, own))
        self.restore()

    def _note_unusual(self, cell: str, where: str, source: str) -> None:
        if found := unusual(source):
            said = _UNUSUAL.format(where, ", ".join(found)[:300])
            self._tell("review", cell, said)

    def _tell(self, kind: str, cell: str, message: str) -> None:
        """Record what a cell did."""
        self.incidents.append(Incident(kind, cell, message))

    def _define(self, source: str) -> None:
        """Run what a cell defines; should that end the process, `restore` leaves it out."""
        with suppress(SubjectLostError):
            self.session.run(source)

    def _leave_out(self, cell: NotebookNode, what: str) -> None:
        """Do not run a cell; where it is an answer, a person decides."""
        self._tell("review", cell.id, _LEFT_OUT.format(what))
        self._answer_costs(cell, "failed", _NOT_RUN.format(what))

    def _cost(self, cell: NotebookNode, status: Status, message: str) -> None:
        """Record what a cell did to itself."""
        self._tell(status, cell.id, message)
        self._answer_costs(cell, status, message)

    def _answer_costs(self, cell: NotebookNode, status: Status, message: str) -> None:
        """Where a cell answers a question, that question pays."""
        if question := self.release.course.by_id.get(grade_id(cell)):
            self.reports[question.id] = question.unreached(status, message)
            self.costs.add(question.id)
