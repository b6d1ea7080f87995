"""The outcome of one question: criteria with points, what was seen, and why it matters."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from rnn_course.checks.behaviour import UNKNOWN, Behaviour, behaviour_data
from rnn_course.checks.display import as_html, as_text
from rnn_course.checks.verdict import Criterion, Misconception, Verdict

__all__ = ["Criterion", "Misconception", "Report", "Status", "Verdict"]

Status = Literal["passed", "partial", "failed", "crashed", "timeout", "missing", "manual"]


@dataclass(frozen=True)
class Report:
    """What became of one question.

    In Jupyter it shows itself as a table; its ``repr`` is the bare number of points, which is
    what nbgrader reads as partial credit.

    Attributes:
        notes: remarks that cost nothing (an unusual but right choice, an unused parameter).
        incidents: for the instructor: things that look like more than a mistake.
        breakdown: for the instructor: what the check itself broke down with, "" as a rule.
        behaviour: what a wrong answer does on the public seed's cases; of one without a name, and
            of one that an instructor has named.
    """

    question: str
    title: str
    status: Status
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    breakdown: str = ""
    behaviour: Behaviour = UNKNOWN

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(verdict.score for verdict in self.verdicts), 6)

    @property
    def max_score(self) -> float:
        """Points there are."""
        return round(sum(verdict.criterion.points for verdict in self.verdicts), 6)

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """The mistakes that were recognised, each once."""
        found = (v.misconception for v in self.verdicts if v.misconception)
        return tuple({m.id: m for m in found}.values())

    def __repr__(self) -> str:
        return repr(float(self.score))

    def _repr_html_(self) -> str:
        return as_html(self)

    def text(self) -> str:
        """Return the table as plain text, for terminals and screen readers."""
        return as_text(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the contract of ``rnn-course grade --json`` for one question."""
        behaviour = {"behaviour": behaviour_data(self.behaviour)} if self.behaviour.observed else {}
        return {
            "id": self.question,
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "criteria": [
                {
                    "id": v.criterion.id,
                    "passed": v.passed,
                    "score": v.score,
                    "max_score": v.criterion.points,
                    "message": v.message,
                    "misconception": v.misconception and asdict(v.misconception)["id"],
                }
                for v in self.verdicts
            ],
            **behaviour,
        }
