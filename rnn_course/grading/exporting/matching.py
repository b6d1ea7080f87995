"""Finds the students of a class in the rows of a mark sheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.class_list import Member

_SHOWN = 10


@dataclass(frozen=True)
class Person:
    """Whom a row of a sheet is about, in the sheet's own words.

    Attributes:
        row: its place below the header.
        name: as the sheet has it.
        keys: numbers and logins, the surest first; some may be "".
        email: address, "" where the sheet has none.
    """

    row: int
    name: str
    keys: tuple[str, ...]
    email: str = ""


@dataclass(frozen=True)
class Matches:
    """Who is who.

    Attributes:
        rows: the student of each row that has one.
        strangers: rows without a student of the class, by the sheet's name for them.
        absent: ids of students who are in no row.
        doubtful: sentences about rows that could be more than one student, or the reverse.
    """

    rows: Mapping[int, Member]
    strangers: tuple[str, ...]
    absent: tuple[str, ...]
    doubtful: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Say who could not be matched."""
        found = list(self.doubtful)
        if self.strangers:
            found.append(f"In the sheet and not in the class: {listed(self.strangers)}.")
        if self.absent:
            found.append(f"In the class and not in the sheet: {listed(self.absent)}.")
        return found


def match(people: Sequence[Person], members: Sequence[Member], sheet: object) -> Matches:
    """Match rows to students: by the system's number, by login, by e-mail.

    Names are never compared: two students may have one. What is not certain is left out and said.

    Args:
        people: the rows.
        members: the class.
        sheet: the sheet's name, for errors.

    Raises:
        GradingError: nobody of the class is in the sheet.
    """
    ways = _Ways(members)
    rows: dict[int, Member] = {}
    doubtful: list[str] = []
    strangers: list[str] = []
    taken: dict[str, str] = {}
    for person in people:
        found = ways.find(person)
        if len(found) == 1 and found[0].id not in taken:
            rows[person.row] = found[0]
            taken[found[0].id] = person.name
        elif found:
            who = listed(sorted(member.id for member in found))
            other = taken.get(found[0].id, "")
            also = f", as {other} does" if len(found) == 1 else ""
            doubtful.append(f"{person.name} is left empty: the row could be {who}{also}.")
        else:
            strangers.append(person.name)
    if not rows:
        raise GradingError(
            f"students of this class in {sheet}",
            f"{len(people)} rows that are somebody else ({listed(strangers) or 'no names'})",
            "Take the sheet of this course, or give the students their numbers, logins or e-mail "
            "addresses with `rnn-course collect --roster`.",
        )
    absent = tuple(member.id for member in members if member.id not in taken)
    return Matches(rows, tuple(strangers), absent, tuple(doubtful))


class _Ways:
    """What students can be known by; a later way is tried where an earlier one finds nobody."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._numbers = _index((member.lms_user_id, member) for member in members)
        self._ids = _index((member.id, member) for member in members)
        self._emails = _index((member.email, member) for member in members)

    def find(self, person: Person) -> list[Member]:
        """Return who a row may be about: one as a rule."""
        for index in (self._numbers, self._ids):
            for key in person.keys:
                if found := index.get(_key(key)):
                    return found
        address = _key(person.email)
        # a class without a roster is known by its folders, which are often called after logins
        return (
            self._emails.get(address)
            or self._ids.get(address)
            or self._ids.get(address.partition("@")[0])
            or next((f for k in person.keys if "@" in k and (f := self._emails.get(_key(k)))), [])
        )


def _index(pairs: Iterable[tuple[str, Member]]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for key, member in pairs:
        if _key(key):
            found.setdefault(_key(key), []).append(member)
    return found


def _key(text: str) -> str:
    return text.strip().casefold()


def listed(names: Sequence[str]) -> str:
    """List names, the first ten of many."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
