"""Courseworks and their questions, and the one way a question is judged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from traceback import extract_tb
from types import MappingProxyType
from typing import TYPE_CHECKING

from rnn_course.checks.behaviour import Behaviour, Named, of_findings
from rnn_course.checks.report import Criterion, Misconception, Report, Status, Verdict
from rnn_course.checks.requests import Describe
from rnn_course.checks.subject import Remembering, Subject, SubjectLostError
from rnn_course.checks.withheld import known_kinds
from rnn_course.errors import CheckError, ObservationError
from rnn_course.seeding import PUBLIC_SEED

if TYPE_CHECKING:
    from rnn_course.checks.question import Comparison
    from rnn_course.checks.recording import Recording


_LONGEST = 200
_BROKEN = (
    "The check itself broke down on this answer ({}). That is not your mistake. "
    "Tell your instructor, and keep the answer as it is."
)


class Marking:
    """Collects verdicts while a question is judged. What is never decided has failed.

    Args:
        criteria: what there is to decide.
    """

    def __init__(self, criteria: tuple[Criterion, ...]) -> None:
        self._criteria = {criterion.id: criterion for criterion in criteria}
        self._verdicts: dict[str, Verdict] = {}
        self.notes: list[str] = []
        self.incidents: list[str] = []
        self.status: Status | None = None

    def passed(self, criterion: str, message: str = "") -> None:
        """Give a criterion's full points, unless it has already failed."""
        self.scored(criterion, 1.0, message)

    def failed(
        self, criterion: str, message: str, misconception: Misconception | None = None
    ) -> None:
        """Give a criterion no points; the first failure of a criterion is the one that is kept."""
        self.scored(criterion, 0.0, message, misconception)

    def scored(
        self,
        criterion: str,
        fraction: float,
        message: str,
        misconception: Misconception | None = None,
        *,
        example: str = "",
    ) -> None:
        """Give a fraction of a criterion's points; a decided failure is not overruled."""
        known = self._verdicts.get(criterion)
        if known and not known.passed:
            return
        what, fraction = self._criteria[criterion], min(max(0.0, fraction), 1.0)  # 0 for NaN
        self._verdicts[criterion] = Verdict(
            what, fraction == 1.0, round(what.points * fraction, 6), message, misconception, example
        )

    def fail_rest(self, message: str, misconception: Misconception | None = None) -> None:
        """Fail every criterion that is not decided yet."""
        for criterion in self._criteria:
            if criterion not in self._verdicts:
                self.failed(criterion, message, misconception)

    def fail_all(self, message: str, misconception: Misconception | None = None) -> None:
        """Fail every criterion, whatever has been decided before."""
        self._verdicts.clear()
        self.fail_rest(message, misconception)

    def undecided(self) -> tuple[str, ...]:
        """Return the criteria that nothing has been said about yet."""
        return tuple(criterion for criterion in self._criteria if criterion not in self._verdicts)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return a verdict for every criterion, in order."""
        self.fail_rest("Not reached: something before it has to work first.")
        return tuple(self._verdicts[criterion] for criterion in self._criteria)


class Some(Marking):
    """Lets a judge decide on some criteria of a question: the rest of the answer may be right.

    Args:
        whole: of the question.
        criteria: ids of those that `fail_rest` fails.
    """

    def __init__(self, whole: Marking, criteria: tuple[str, ...]) -> None:
        self._whole, self._part = whole, criteria
        self.notes, self.incidents, self.status = whole.notes, whole.incidents, None

    def scored(  # noqa: D102 (as the whole's)
        self,
        criterion: str,
        fraction: float,
        message: str,
        misconception: Misconception | None = None,
        *,
        example: str = "",
    ) -> None:
        self._whole.scored(criterion, fraction, message, misconception, example=example)

    def fail_all(self, message: str, misconception: Misconception | None = None) -> None:
        """Fail the whole question."""
        self._whole.fail_all(message, misconception)

    def fail_rest(self, message: str, misconception: Misconception | None = None) -> None:
        """Fail these criteria, as far as they are not decided."""
        for criterion in self._part:
            if criterion in self._whole.undecided():
                self._whole.failed(criterion, message, misconception)


Judge = Callable[[Subject, int, Marking], None]
Behaves = Callable[[Subject, Marking], Behaviour]


@dataclass(frozen=True)
class Question:
    """One answer cell and one check cell.

    Attributes:
        id: grade id of the answer cell; the check cell's is ``check_`` + id.
        title: as the student reads it.
        criteria: what it is marked on; their points add up to the question's.
        judge: decides the criteria; None for an essay, which a person marks, and for a comparison
            that has not been recorded yet. Of a comparison with a judge beside it, that one.
        defines: names the answer must define; without them the question is ``missing``.
        needs: ids of questions whose answer this one builds on.
        read: heading of the notebook where the question stands.
        prepare: makes what the judge needs for a seed, where that takes long; called once before
            a class is graded, so that its workers find it in the cache.
        comparison: how it is judged, as data; see `question`.
        recorded: makes the comparison's recording for a seed, where the model answer is at hand.
        public: makes what is right of it with the public seed, without what goes wrong.
        beside: whether a judge by hand stands beside the comparison.
        without: what an answer has to do without, of `withheld.KINDS`: ``recurrent`` (torch's own
            recurrent layers) or ``autograd``. Behind the wall the question is judged where these
            do not exist.
        asked: gives the keys of what is looked at there; nothing where nobody knows.
        behaves: tells what a wrong answer does with the public seed, see `behaviour`; of a judge
            by hand it is what that judge says then.
        named: behaviours that an instructor has named.
        origin: where an installed package has it, ``package.module:NAME``; "" where none has.
    """

    id: str
    title: str
    criteria: tuple[Criterion, ...]
    judge: Judge | None = None
    defines: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    read: str = ""
    prepare: Callable[[int], object] | None = None
    comparison: "Comparison | None" = None
    recorded: "Callable[[int], Recording] | None" = None
    origin: str = ""
    beside: bool = False
    without: frozenset[str] = frozenset()
    public: "Callable[[], Recording] | None" = None
    asked: Callable[[], tuple[str, ...]] = tuple
    behaves: Behaves | None = None
    named: tuple[Named, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "without", known_kinds(self.without, self.id))

    @property
    def points(self) -> float:
        """What the question is worth."""
        return round(sum(criterion.points for criterion in self.criteria), 6)

    def report(self, subject: Subject, seed: int) -> Report:
        """Judge a subject's answer to this question. Never raises, not even for a mistake of ours.

        Where the judge itself breaks down there are no points, and `Report.breakdown` says why.
        """
        judge = self.judge
        if judge is None:
            return self.unreached("manual", "Marked by a person.")
        marking, subject = Marking(self.criteria), Remembering(subject)
        try:
            self._decide(judge, subject, seed, marking)
            return self._behaving(self._finish(marking), subject, seed)
        except Exception as error:
            return self._broken(error, marking)

    def _behaving(self, report: Report, subject: Subject, seed: int) -> Report:
        """Add what a wrong answer without a name does, and the name that it has been given.

        No mark depends on it: should the answer be lost on the way, the report stands as it is.
        """
        wrong = report.status in ("failed", "partial") and not report.misconceptions
        if not wrong or (seed == PUBLIC_SEED and not self.named):
            return report
        try:
            behaviour = self._behaviour(report, subject, seed)
        except ObservationError:
            return report
        named = next((named for named in self.named if named.fits(behaviour)), None)
        verdicts = list(report.verdicts)
        if named:
            at = next(i for i, verdict in enumerate(verdicts) if not verdict.passed)
            verdicts[at] = replace(
                verdicts[at], misconception=named.misconception(self.read or self.title)
            )
        return replace(report, verdicts=tuple(verdicts), behaviour=behaviour)

    def _behaviour(self, report: Report, subject: Subject, seed: int) -> Behaviour:
        if self.behaves is not None:
            return self.behaves(subject, Marking(self.criteria))
        if self.judge is None or (self.prepare and seed != PUBLIC_SEED):
            return Behaviour()  # what it compares with takes too long to make for another seed
        if seed == PUBLIC_SEED:
            return of_findings(report.verdicts)
        marking = Marking(self.criteria)
        self.judge(subject, PUBLIC_SEED, marking)
        return of_findings(marking.verdicts())

    def _decide(self, judge: Judge, subject: Subject, seed: int, marking: Marking) -> None:
        try:
            if not self._missing(subject, marking):
                judge(subject, seed, marking)
        except SubjectLostError as lost:
            marking.status = lost.status
            marking.fail_rest(lost.came)
        except ObservationError as error:
            marking.fail_rest(str(error))

    def _broken(self, error: Exception, marking: Marking) -> Report:
        came = " ".join(f"{type(error).__name__}: {error}"[:_LONGEST].split())
        place = extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}, line {place.lineno}"
        report = self.unreached("failed", _BROKEN.format(came))
        incidents = tuple(map(str, marking.incidents))
        return replace(report, incidents=incidents, breakdown=f"{came} ({where})")

    def unreached(self, status: Status, message: str) -> Report:
        """Report a question whose answer could not be looked at: no points, and why."""
        marking = Marking(self.criteria)
        marking.status = status
        marking.fail_rest(message)
        return self._finish(marking)

    def _missing(self, subject: Subject, marking: Marking) -> bool:
        missing = [n for n in self.defines if subject.ask(Describe(n)).kind == "missing"]
        if missing:
            marking.status = "missing"
            names = ", ".join(f"`{name}`" for name in missing)
            marking.fail_rest(
                f"Nothing called {names} is defined. Run the answer cell above; names must match."
            )
        return bool(missing)

    def _finish(self, marking: Marking) -> Report:
        verdicts = marking.verdicts()
        passed = [verdict.passed for verdict in verdicts]
        earned = any(verdict.score for verdict in verdicts)
        status = marking.status or ("passed" if all(passed) else "partial" if earned else "failed")
        return Report(
            self.id,
            self.title,
            status,
            verdicts,
            notes=tuple(dict.fromkeys(marking.notes)),
            incidents=tuple(dict.fromkeys(marking.incidents)),
        )


@dataclass(frozen=True)
class Coursework:
    """The questions of one notebook, in order."""

    name: str
    title: str
    notebook: str
    questions: tuple[Question, ...]
    by_id: Mapping[str, Question] = field(init=False)

    def __post_init__(self) -> None:
        by_id = MappingProxyType({question.id: question for question in self.questions})
        object.__setattr__(self, "by_id", by_id)

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def __getitem__(self, question: str) -> Question:
        try:
            return self.by_id[question]
        except KeyError:
            known = ", ".join(self.by_id)
            raise CheckError(
                f"a question of {self.name}: {known}",
                repr(question),
                "Write the name as it stands in the check cell.",
            ) from None
