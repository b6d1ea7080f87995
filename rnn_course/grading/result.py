"""What grading one submission came to: reports, incidents, and the JSON that promises them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rnn_course.checks.report import Report

ResultStatus = Literal["graded", "unreadable", "crashed"]


@dataclass(frozen=True)
class Incident:
    """Something an instructor should know: a crash, a time-out, a recovered cell, a review.

    Attributes:
        kind: ``recovered``, ``unreadable``, ``crashed``, ``timeout``, ``failed``, ``exit`` or one
            of `limits.KINDS` (what a cell did), ``review`` (something that only a person can
            decide), ``linked`` (a hard link, perhaps to somebody else's file), ``override`` (a
            mark by hand stands in place of the machine's), ``check`` (a bug of ours).
        cell: id of the cell it is about, "" where it is about the whole notebook.
        message: one sentence.
    """

    kind: str
    cell: str
    message: str


@dataclass(frozen=True)
class Result:
    """Reports of one submission.

    Attributes:
        status: ``graded``; ``unreadable`` where there was no notebook to run; ``crashed`` where
            grading itself came to an end that it should not have.
        environment: python, torch, device, sandbox.
    """

    coursework: str
    notebook: str
    status: ResultStatus
    environment: dict[str, str]
    questions: tuple[Report, ...]
    incidents: tuple[Incident, ...] = field(default=())

    @property
    def score(self) -> float:
        """Points earned by what a machine marks."""
        return round(sum(report.score for report in self.questions), 6)

    @property
    def max_score(self) -> float:
        """Points there are, essays included."""
        return round(sum(report.max_score for report in self.questions), 6)

    def text(self) -> str:
        """Return the reports as plain text, for a terminal."""
        from rnn_course.checks.display import points, printable

        lines = [report.text() for report in self.questions]
        lines += [f"{i.kind} {i.cell}: {i.message}" for i in self.incidents]
        lines.append(f"{points(self.score)} of {points(self.max_score)} points")
        return printable("\n".join(lines))

    def as_dict(self) -> dict[str, Any]:
        """Return the contract of ``rnn-course grade --json``."""
        return {
            "coursework": self.coursework,
            "notebook": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "status": self.status,
            "environment": self.environment,
            "questions": [report.as_dict() for report in self.questions],
            "incidents": [asdict(incident) for incident in self.incidents],
        }


def asks_anew(result: Result, last: Mapping[str, Any] | None) -> bool:
    """Tell whether a result asks for a review that the last one, as stored, did not ask for.

    What a person has looked at is settled: grading again does not ask again.
    """
    settled = {(i.get("cell"), i.get("message")) for i in (last or {}).get("incidents", ())}
    asked = {(i.cell, i.message) for i in result.incidents if i.kind == "review"}
    return not asked <= settled
