"""What somebody should look at: what only a person can decide, and what merely happened."""

from collections.abc import Iterator
from dataclasses import dataclass

from rnn_course.checks.display import points
from rnn_course.grading.protocol.limits import KINDS
from rnn_course.grading.reporting.class_results import ClassResults, Submitted

_HAPPENED = {"recovered", "crashed", "timeout", "failed", "exit", *KINDS}
_WHY = {
    "review": "only a person can decide",
    "check": "our check broke down: the points are for you to give",
    "linked": "the same file as somebody else's",
    "unreadable": "no notebook could be read",
    "no result": "no result is stored",
}


@dataclass(frozen=True)
class Item:
    """One thing to look at.

    Attributes:
        page: id of formgrader's page.
        where: the cell or question, "" for the whole notebook.
        why: in a few words, why it is listed.
        message: what was seen.
    """

    student: str
    page: str
    where: str
    why: str
    message: str


def for_review(results: ClassResults) -> list[Item]:
    """List what only a person can decide."""
    return [
        *(_item(one, incident) for one, incident in _incidents(results) if _open(incident)),
        *(item for one in results.submitted for item in _overridden(one)),
    ]


def incidents(results: ClassResults) -> list[Item]:
    """List what happened and needs no decision: crashes, limits, what had to be repaired."""
    return [_item(one, incident) for one, incident in _incidents(results) if not _open(incident)]


def essays_to_mark(results: ClassResults) -> dict[str, int]:
    """Return how many answers to each question a person still has to mark, by title."""
    counts = {
        question.title: sum(
            mark.unmarked
            for one in results.submitted
            if (mark := one.member.marks.get(question.id))
        )
        for question in results.coursework
    }
    return {title: count for title, count in counts.items() if count}


def _incidents(results: ClassResults) -> Iterator[tuple[Submitted, dict[str, str]]]:
    for one in results.submitted:
        yield from ((one, dict(incident)) for incident in one.incidents)


def _open(incident: dict[str, str]) -> bool:
    # what this version does not know is for a person, rather than lost
    return incident["kind"] not in _HAPPENED


def _item(one: Submitted, incident: dict[str, str]) -> Item:
    why = _WHY.get(incident["kind"], incident["kind"])
    return Item(one.member.id, one.member.page, incident["cell"], why, incident["message"])


def _overridden(one: Submitted) -> Iterator[Item]:
    for question, mark in one.member.marks.items():
        if mark.overridden and mark.automatic is not None:
            said = f"{points(mark.score)} by hand, {points(mark.automatic)} by the machine."
            yield Item(one.member.id, one.member.page, question, "marked by hand otherwise", said)
