"""Who is who at a learning platform: told from what was downloaded there.

Moodle and Canvas take feedback back by file names that hold numbers of their own. The download of
the submissions has these names, Moodle's grading worksheet has the numbers.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rnn_course.errors import GradingError

_MOODLE = re.compile(r"(?P<name>[^_/]+)_(?P<number>\d+)_assign[a-z]+_[a-z]+_")
_CANVAS = re.compile(r"(?P<name>[^_/]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>[^/]+)$")
_NUMBER = re.compile(r"\D+(\d+)")  # "Participant 501", in any language


@dataclass(frozen=True)
class Person:
    """What the gradebook knows of a student."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        """First and last name, the id where neither is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.student

    def certain(self) -> set[str]:
        """Return what nobody else is called."""
        return {_key(text) for text in (self.student, self.email, self.lms_user_id)} - {""}

    def likely(self) -> set[str]:
        """Return what somebody else may be called, too."""
        first, last = self.first_name, self.last_name
        return {_key(t) for t in (first + last, last + first, self.email.partition("@")[0])} - {""}


@dataclass(frozen=True)
class Entry:
    """Somebody at a platform.

    Attributes:
        number: the platform's, for this person.
        name: as it is written there.
        others: what else is known: an e-mail address, a matriculation number.
        file: the whole name of what was downloaded, "" where only numbers are known.
    """

    number: str
    name: str
    others: tuple[str, ...] = ()
    file: str = ""

    def names(self) -> set[str]:
        """Return all that may tell who it is."""
        local = [text.partition("@")[0] for text in self.others if "@" in text]
        return {_key(text) for text in (self.name, *self.others, *local)} - {""}


def moodle_entries(file: Path) -> list[Entry]:
    """Read a download of all submissions, or a grading worksheet, from Moodle.

    Raises:
        GradingError: it is neither.
    """
    if zipfile.is_zipfile(file):
        found = (_MOODLE.match(name) for name in _names(file))
        entries = [Entry(m["number"], m["name"]) for m in found if m]
    else:
        entries = _worksheet(file)
    return list(dict.fromkeys(entries)) or _demand(file, "Moodle", "`Name_123_assignsubmission_…`")


def canvas_entries(file: Path) -> list[Entry]:
    """Read a download of all submissions from Canvas.

    Raises:
        GradingError: it is none.
    """
    names = _names(file) if zipfile.is_zipfile(file) else []
    found = ((name, _CANVAS.search(name)) for name in names)
    entries = [
        Entry(m["number"], m["name"], (m["number"],), PurePosixPath(name).name)
        for name, m in found
        if m
    ]
    return entries or _demand(file, "Canvas", "`name_123_456_file.ipynb`")


def matched(
    people: Sequence[Person], entries: Sequence[Entry]
) -> tuple[dict[str, list[Entry]], dict[str, str]]:
    """Find every student among a platform's people.

    Returns:
        Entries by student, and for whom there are none, why.
    """
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for key in entry.names():
            by_key[key].append(entry)
    found: dict[str, list[Entry]] = {}
    missing: dict[str, str] = {}
    for person in people:
        for keys in (person.certain(), person.likely()):
            of = list(dict.fromkeys(entry for key in sorted(keys) for entry in by_key[key]))
            if of:
                break
        numbers = {entry.number for entry in of}
        if len(numbers) == 1:
            found[person.student] = of
        else:
            missing[person.student] = (
                f"{len(numbers)} people there fit: {', '.join(sorted({e.name for e in of}))}"
                if of
                else "nobody there has this name, address or number"
            )
    for student, why in _twice(found).items():
        del found[student]
        missing[student] = why
    return found, missing


def _twice(found: Mapping[str, Sequence[Entry]]) -> dict[str, str]:
    """Return who was taken for one and the same person."""
    students: dict[str, list[str]] = defaultdict(list)
    for student, entries in found.items():
        students[entries[0].number].append(student)
    return {
        student: f"{' and '.join(sorted(same))} both fit {found[student][0].name}"
        for same in students.values()
        if len(same) > 1
        for student in same
    }


def _names(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        return [name for name in archive.namelist() if not name.startswith("__MACOSX")]


def _worksheet(file: Path) -> list[Entry]:
    """Read Moodle's grading worksheet: the first column ends in the participant's number."""
    try:
        text = file.read_text("utf-8-sig")
        dialect = csv.Sniffer().sniff(text.partition("\n")[0], ",;\t")
        _, *rows = csv.reader(io.StringIO(text, newline=""), dialect)
    except (OSError, ValueError, csv.Error):
        return []
    found = []
    for row in rows:
        number = _NUMBER.fullmatch(row[0].strip()) if row else None
        if number:
            name, *others = row[1:5] if len(row) > 1 else [""]
            found.append(Entry(number[1], name, tuple(others)))
    return found


def _key(text: str) -> str:
    """Return a name without what platforms change in it: case, accents, blanks, signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


def _demand(file: Path, platform: str, names: str) -> list[Entry]:
    raise GradingError(
        f"what {platform} gives out, with names such as {names}",
        f"{file}, which has none" if file.is_file() else f"no file {file}",
        f"Name with --names the zip of all submissions that you downloaded from {platform}"
        + (", or its grading worksheet." if platform == "Moodle" else "."),
    )


def left_over(entries: Iterable[Entry], found: Mapping[str, Sequence[Entry]]) -> list[str]:
    """Return the names of a platform's people who are nobody of the class."""
    taken = {entry.number for of in found.values() for entry in of}
    return sorted({entry.name for entry in entries if entry.number not in taken})
