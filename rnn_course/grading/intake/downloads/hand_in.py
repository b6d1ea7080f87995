"""What one person handed in at one time, as a download shows it, and what it says of whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rnn_course.grading.intake.downloads.tree import Entry


@dataclass(frozen=True)
class Claim:
    """What a download says of whose a hand-in is; it is for a roster to say who that is.

    Attributes:
        label: as it stands there, for people to read.
        name: the full name, in any order, perhaps without blanks.
        ident: a login, a student number or an e-mail address.
        number: the person's number on the platform.
        participant: the person's number in this one assignment, as Moodle gives it.
        text: the name of a file or folder in which any of these may stand.
    """

    label: str
    name: str = ""
    ident: tuple[str, ...] = ()
    number: str = ""
    participant: str = ""
    text: str = ""


@dataclass(frozen=True)
class HandIn:
    """What was handed in by one person at one time.

    Attributes:
        entries: the files, by their paths inside it.
        when: when, in UTC, where the platform has recorded it.
        order: which of one person's was later, where only that is known: the greater.
        late: the platform calls it late.
        loose: it is one file of perhaps several that belong together if they are one person's.
        not_before: when something was written that was surely handed in earlier.
    """

    claim: Claim
    entries: tuple[Entry, ...]
    when: datetime | None = None
    order: int = 0
    late: bool = False
    loose: bool = False
    not_before: float = 0.0

    @property
    def modified(self) -> float:
        """When the newest of its files was written, in seconds since 1970; a hint, no record."""
        return max((self.not_before, *(entry.modified for entry in self.entries)))


@dataclass(frozen=True)
class Coursework:
    """What a reader has to know of the coursework that is collected.

    Attributes:
        name: its name.
        files: the names of its notebook, first, and of other files that it speaks of.
    """

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Download:
    """A path that was named, and what was found there.

    Attributes:
        kind: what it was recognised as, in words.
        remarks: what was left out, or cannot be told from it.
    """

    path: Path
    kind: str
    hand_ins: Sequence[HandIn]
    remarks: tuple[str, ...] = field(default=())
