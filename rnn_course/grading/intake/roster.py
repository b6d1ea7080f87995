"""The people of a course, read from the table that a learning platform or nbgrader exports."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rnn_course.errors import GradingError
from rnn_course.grading.intake.safe_names import folder_name
from rnn_course.grading.intake.timestamp import parsed_time

FILE = "students.csv"

_EMAIL = ("email", "Email address", "E-mail", "E-Mail-Adresse")
_FIRST = ("first_name", "First name", "Vorname")
_LAST = ("last_name", "Last name", "Surname", "Nachname")
_WHOLE = ("name", "Full name", "Student", "Vollständiger Name")
_HANDED_IN = (
    "Last modified (submission)",
    "Zuletzt geändert (Abgabe)",
    "Zuletzt geändert (Einreichung)",
)
_NO_STUDENTS = re.compile(r"\s*(points possible\b.*|student, test)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class _Layout:
    """Which columns of a table say who somebody is; the first that is filled counts."""

    ids: tuple[str, ...]
    number: tuple[str, ...]
    participant: tuple[str, ...] = ()


_NBGRADER = _Layout(("id",), ("lms_user_id",))
_CANVAS = _Layout(("SIS Login ID", "SIS User ID", "ID"), ("ID",))  # its gradebook
_MOODLE = _Layout(  # participants, grades, and the grading worksheet, in English and in German
    ("Username", "Anmeldename", "ID number", "ID-Nummer", *_EMAIL),
    ("ID number", "ID-Nummer"),
    ("Identifier", "ID"),
)


@dataclass(frozen=True)
class Person:
    """Somebody on a roster.

    Attributes:
        id: the folder's name in ``submitted/``, and nbgrader's name for them.
        lms_user_id: their number on the platform.
        participant: their number in one assignment of Moodle's.
        aliases: other identifiers that the roster has of them.
        handed_in: when, in UTC, where the roster is a grading worksheet of Moodle's.
        unread_time: what the worksheet says instead, where that cannot be read.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    participant: str = ""
    aliases: tuple[str, ...] = ()
    handed_in: datetime | None = None
    unread_time: str = ""

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.first_name} {self.last_name}".strip()


def read_roster(file: Path) -> list[Person]:
    """Read a roster, whatever its encoding, its separator and whose columns it has.

    Raises:
        GradingError: there is no such file, no column says who somebody is, or two people are one.
    """
    try:
        text = _decoded(file.read_bytes())
    except OSError as error:
        fix = "Export the list of participants, or name another file with --roster."
        raise GradingError("a roster", f"{file} ({error.strerror})", fix) from error
    header, *rows = _rows(text) or [[]]
    columns = {_key(name): number for number, name in reversed(list(enumerate(header)))}
    layout = _layout(header, columns)
    if not any(_key(name) in columns for name in layout.ids):
        raise GradingError(
            "a roster with a column that says who somebody is (id, SIS Login ID, Username, ID "
            "number or Email address)",
            f"{file} with the columns {', '.join(header)[:300] or '(none)'}",
            "Export it again with one of them, or give the column that name.",
        )
    people: dict[str, Person] = {}
    for number, row in enumerate(rows, start=2):
        fields = {name: row[at].strip() for name, at in columns.items() if at < len(row)}
        person = _person(fields, layout)
        if person and people.setdefault(person.id.casefold(), person) != person:
            raise GradingError(
                f"everybody's own id in {file}",
                f"{person.id!a} for {person.name or person.email!a} in row {number}, and for "
                "somebody else above",
                "Correct one of the two rows.",
            )
    if not people:
        raise GradingError("people on the roster", f"none in {file}", "Export it again.")
    return list(people.values())


def _layout(header: Sequence[str], columns: Mapping[str, int]) -> _Layout:
    if "student" in columns and "id" in columns:
        return _CANVAS
    return _NBGRADER if "id" in map(str.strip, header) else _MOODLE


def _person(fields: Mapping[str, str], layout: _Layout) -> Person | None:
    """Return who a row is about; None where it is about nobody."""
    whole = _first(fields, _WHOLE)
    ids = [found for name in layout.ids if (found := fields.get(_key(name), ""))]
    if not ids or _NO_STUDENTS.fullmatch(whole):
        return None
    time = _first(fields, _HANDED_IN)
    handed_in = _time(time)
    participant = re.fullmatch(r"\D*(\d+)", _first(fields, layout.participant))
    return Person(
        folder_name(ids[0]),
        *_names(fields, whole),
        email=_first(fields, _EMAIL),
        lms_user_id=_first(fields, layout.number),
        participant=participant[1] if participant else "",
        aliases=tuple(dict.fromkeys(ids)),
        handed_in=handed_in,
        unread_time="" if handed_in or not any(map(str.isdigit, time)) else time,
    )


def _names(fields: Mapping[str, str], whole: str) -> tuple[str, str]:
    first, last = _first(fields, _FIRST), _first(fields, _LAST)
    if first or last or not whole:
        return first, last
    if "," in whole:  # as Canvas sorts them
        last, _, first = whole.partition(",")
    else:
        first, _, last = whole.rpartition(" ")
    return first.strip(), last.strip()


def _time(text: str) -> datetime | None:
    """Return when a worksheet says that somebody handed in, None where it says nothing readable."""
    try:
        return parsed_time(text)
    except ValueError:
        return None


def _first(fields: Mapping[str, str], names: Sequence[str]) -> str:
    return next((found for name in names if (found := fields.get(_key(name), ""))), "")


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _rows(text: str) -> list[list[str]]:
    """Return the rows that hold something, split at whatever the first one has most of."""
    head = text.strip().partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
    return [row for row in _readable(rows) if any(cell.strip() for cell in row)]


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise GradingError("a table of people", str(error), "Export the roster again.") from error


def _decoded(content: bytes) -> str:
    """Return a table's text, as browsers, Excel and Excel's "Unicode text" write it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
