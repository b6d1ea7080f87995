"""Finds the students of a class in the rows of a mark sheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.class_list import Member

_SHOWN = 10


@dataclass(frozen=True)
class Person:
    """Whom a row of a sheet is about, in the sheet's own words; what it lacks is "".

    Attributes:
        row: its place below the header.
        name: as the sheet has it.
        number: the system's own number for them.
        logins: what a folder of submissions may be called after, the surest first.
        email: address.
    """

    row: int
    name: str
    number: str = ""
    logins: tuple[str, ...] = ()
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
    """Match rows to students: by the system's number, then by login, then by e-mail.

    A surer way is gone through for the whole sheet before the next, and numbers of one kind are
    never held against another kind: a stranger's login may be a student's number. Names are not
    compared at all: two students may have one. What is not certain is left out and said.

    Args:
        people: the rows.
        members: the class.
        sheet: the sheet's name, for errors.

    Raises:
        GradingError: nobody of the class is in the sheet.
    """
    state = _Matching()
    for keys, index in _ways(members):
        state.go(people, keys, index)
    strangers = [person.name for person in people if person.row not in state.settled]
    if not state.rows:
        raise GradingError(
            f"students of this class in {sheet}",
            f"{len(people)} rows that are somebody else ({listed(strangers) or 'no names'})",
            "Take the sheet of this course, or give the students their numbers, logins or e-mail "
            "addresses with `rnn-course collect --roster`.",
        )
    absent = tuple(member.id for member in members if member.id not in state.taken)
    return Matches(state.rows, tuple(strangers), absent, tuple(state.doubtful))


_Keys = Callable[[Person], Iterable[str]]
_Index = dict[str, list[Member]]


def _ways(members: Sequence[Member]) -> list[tuple[_Keys, _Index]]:
    ids = _index((member.id, member) for member in members)
    numbers = _index((member.lms_user_id, member) for member in members)
    emails = _index((member.email, member) for member in members)
    # a class without a roster is known by its folders, which are often called after logins
    nameless = _index((member.id, member) for member in members if not member.email)
    return [
        (lambda person: [person.number], numbers),
        (lambda person: [*person.logins, person.number], ids),
        (lambda person: [person.email], emails),
        (lambda person: [person.email], ids),
        (lambda person: [person.email.partition("@")[0]], nameless),
    ]


class _Matching:
    """What is settled so far."""

    def __init__(self) -> None:
        self.rows: dict[int, Member] = {}
        self.settled: set[int] = set()
        self.taken: dict[str, str] = {}
        self.doubtful: list[str] = []

    def go(self, people: Sequence[Person], keys: _Keys, index: _Index) -> None:
        """Go through the rows that are not settled yet."""
        claims: dict[str, list[tuple[Person, Member]]] = {}
        for person in people:
            key = next((key for key in map(_key, keys(person)) if key in index), "")
            if person.row in self.settled or not key:
                continue
            self.settled.add(person.row)
            found = index[key]
            if len(found) > 1:
                self._doubt(person, listed(sorted(member.id for member in found)))
            elif found[0].id in self.taken:
                self._doubt(person, f"{found[0].id}, as {self.taken[found[0].id]} is")
            else:
                claims.setdefault(found[0].id, []).append((person, found[0]))
        for claimed in claims.values():
            self._grant(claimed)

    def _grant(self, claimed: Sequence[tuple[Person, Member]]) -> None:
        """Give a student to the one row that claims them, to none if there are more."""
        for person, member in claimed:
            self.taken[member.id] = person.name
            if len(claimed) == 1:
                self.rows[person.row] = member
            else:
                self._doubt(person, f"{member.id}, and so could another")

    def _doubt(self, person: Person, who: str) -> None:
        self.doubtful.append(f"{person.name} is left empty: the row could be {who}.")


def _index(pairs: Iterable[tuple[str, Member]]) -> _Index:
    found: _Index = {}
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
