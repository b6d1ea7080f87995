"""Finds out which person of a roster a hand-in belongs to, or says why nobody can tell."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rnn_course.grading.intake.downloads.hand_in import Claim
from rnn_course.grading.intake.roster import Person
from rnn_course.grading.intake.safe_names import folder_name

_SHORT = 3  # letters; a shorter name stands in many a word
_MOST_WORDS = 6  # of a name
_MOST_SHOWN = 100  # letters


@dataclass(frozen=True)
class Matched:
    """Whose a hand-in is: a folder's name, or "" and why that cannot be told."""

    student: str
    why: str = ""


class Matcher:
    """Matches what downloads say with the people of a roster.

    What is surest comes first: a number on the platform, one in the assignment, a login or an
    address, the whole name, and last of all a file's name in which any of these stands. Each has to
    mean one person and no more.

    Args:
        people: the roster.
    """

    def __init__(self, people: Sequence[Person]) -> None:
        self._number_of = {p.id: p.lms_user_id for p in people}
        self._numbers = _index((p.lms_user_id, p) for p in people)
        self._participants = _index((p.participant, p) for p in people)
        self._idents = _index((i, p) for p in people for i in (p.id, p.email, *p.aliases))
        self._names = _index((name, p) for p in people for name in _orders(p))
        self._words = _index((word, p) for p in people for word in _words_of(p))

    def is_person(self, text: str) -> bool:
        """Tell whether a text as a whole is what one person is called."""
        key = _squeezed(text)
        return any(len(index.get(key, ())) == 1 for index in (self._idents, self._names))

    def match(self, claim: Claim) -> Matched:
        """Return whose a hand-in is that says this of itself."""
        for index, keys in self._ways(claim):
            found = set().union(*(index.get(_squeezed(key), set()) for key in keys))
            if len(found) == 1:
                return self._agreed(claim, found.pop())
            if found:
                return Matched("", f"{_shown(claim)} may be {' or '.join(sorted(found))}")
        why = f"{_shown(claim)} is nobody on the roster"
        if claim.participant and not self._participants:
            why += ", which is not the grading worksheet that has Moodle's numbers"
        return Matched("", why)

    def _ways(self, claim: Claim) -> Iterator[tuple[dict[str, set[str]], Sequence[str]]]:
        yield self._numbers, [claim.number]
        yield self._participants, [claim.participant]
        yield self._idents, claim.ident
        for name in _without_group(claim.name):
            yield self._names, [name]
        yield self._idents, [claim.text]
        for pieces in _pieces(claim.text):
            yield self._words, pieces

    def _agreed(self, claim: Claim, student: str) -> Matched:
        """Do not take somebody for a namesake whom the platform gives another number."""
        number = self._number_of[student]
        if not claim.number or not number or claim.number == number:
            return Matched(student)
        return Matched(
            "", f"{_shown(claim)} has the name of {student}, whose number on the roster is {number}"
        )


def without_roster(claims: Sequence[Claim]) -> dict[Claim, Matched]:
    """Name people by what downloads say of them, where there is no roster.

    Two of one name stay unknown: nothing here could tell them apart in the next coursework.
    """
    names = {claim: _name(claim) for claim in claims}
    owners: dict[str, set[str]] = {}
    for claim, name in names.items():
        owners.setdefault(name, set()).add(claim.number or claim.participant)
    return {
        claim: Matched(name)
        if len(owners[name]) == 1
        else Matched("", f"{_shown(claim)} has the name of somebody else")
        for claim, name in names.items()
    }


def _shown(claim: Claim) -> str:
    return claim.label if len(claim.label) <= _MOST_SHOWN else f"{claim.label[:_MOST_SHOWN]}…"


def _name(claim: Claim) -> str:
    return folder_name(next(filter(None, (*claim.ident, claim.name, claim.text, claim.label))))


def _index(pairs: Iterable[tuple[str, Person]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, person in pairs:
        if squeezed := _squeezed(key):
            found.setdefault(squeezed, set()).add(person.id)
    return found


def _squeezed(text: str) -> str:
    """Return letters and digits only, without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(c for c in plain if c.isalnum())


def _orders(person: Person) -> tuple[str, str]:
    return f"{person.first_name}{person.last_name}", f"{person.last_name}{person.first_name}"


def _without_group(name: str) -> Iterator[str]:
    """Yield a name, then what follows a hyphen: Moodle puts a group's name in front."""
    yield name
    parts = name.split("-")
    yield from ("-".join(parts[number:]) for number in range(1, len(parts)))


def _words_of(person: Person) -> Iterator[str]:
    yield from (person.id, person.email, person.email.partition("@")[0], *person.aliases)
    yield from _orders(person)


def _pieces(text: str) -> Iterator[Sequence[str]]:
    """Yield the runs of so many neighbouring words of a file's name, the long ones first."""
    words = re.findall(r"[^\W_]+", text)
    for length in range(min(len(words), _MOST_WORDS), 0, -1):
        runs = ("".join(words[at : at + length]) for at in range(len(words) - length + 1))
        yield [run for run in runs if len(run) >= _SHORT]
