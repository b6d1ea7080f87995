"""Everything that was ever collected, kept: ``collected/COURSEWORK/STUDENT/ATTEMPT/files/``.

An attempt is written whole or not at all, and never changed afterwards but for when it was handed
in, where that becomes known later. A folder ``COURSEWORK.unknown`` beside it holds what belongs to
nobody on the roster.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rnn_course.errors import GradingError
from rnn_course.grading.intake.staging import Staged, stage
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.scratch_folder import write_files

UNKNOWN = ".unknown"
_FILES, _ABOUT = "files", "attempt.json"
_WRITING = ".writing-"


@dataclass(frozen=True)
class About:
    """What is known of an attempt.

    Attributes:
        origin: what it was collected from.
        when: when it was handed in, in UTC, where anybody has recorded that.
        modified: when its files were written, in seconds since 1970; a hint.
        order: which of one download's was later: the greater.
        late: the platform calls it late.
        said: what was left out of it.
    """

    origin: str
    when: datetime | None = None
    modified: float = 0.0
    order: int = 0
    late: bool = False
    said: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[float, int]:
        """Grows with time: of two attempts the greater is the later."""
        return (self.when.timestamp() if self.when else self.modified, self.order)

    def before(self, deadline: datetime) -> bool:
        """Tell whether it was handed in in time, also where nobody can say that it was not."""
        return self.when <= deadline if self.when else not self.late


@dataclass(frozen=True)
class Attempt:
    """An attempt that is kept, or would be.

    Attributes:
        folder: where.
        digest: of its files.
        unwritten: its files, where they are not in the folder yet.
    """

    folder: Path
    digest: str
    about: About
    unwritten: Mapping[str, bytes] | None = None

    def files(self) -> dict[str, bytes]:
        """Read its files, by relative path."""
        if self.unwritten is not None:
            return dict(self.unwritten)
        return stage(self.folder / _FILES, Limits()).files


class Attempts:
    """The attempts of one coursework.

    Args:
        folder: where they are kept, a folder a student.
        writes: keep what is new; else only tell what would be.
    """

    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        self._folder, self._writes = folder, writes
        self._unwritten: dict[str, list[Attempt]] = {}

    def of(self, student: str) -> list[Attempt]:
        """Return a student's attempts, the last one last."""
        known = [_read(path) for path in _folders(self._folder / student)]
        found = [attempt for attempt in known if attempt] + self._unwritten.get(student, [])
        return sorted(found, key=lambda attempt: (*attempt.about.rank, attempt.digest))

    def keep(self, student: str, staged: Staged, about: About) -> bool:
        """Keep an attempt unless it is kept already; tell whether it is new."""
        digest = digest_of(staged.files)
        for kept in self.of(student):
            if kept.digest != digest:
                continue
            if kept.about.when == about.when or about.when is None:
                return False
            if kept.about.when is None:
                self._date(kept, about.when)
                return False
        place = self._free(student, about, digest, f"-{about.order}" if about.order else "")
        attempt = Attempt(place, digest, about, staged.files)
        if not self._writes:
            # one student's at a time, or a whole class would be in memory
            self._unwritten = {student: [*self._unwritten.get(student, []), attempt]}
            return True
        _clear(self._folder / student)
        temporary = attempt.folder.with_name(f"{_WRITING}{secrets.token_hex(8)}")
        (temporary / _FILES).mkdir(parents=True)
        write_files(staged.files, temporary / _FILES)
        _write_about(temporary, attempt)
        os.replace(temporary, attempt.folder)
        return True

    def adopt(self, student: str, folder: Path, digest: str, about: About) -> None:
        """Keep a folder as an attempt by moving it here, with whatever is in it."""
        _clear(self._folder / student)
        place = self._free(student, about, digest, "-replaced")
        place.mkdir(parents=True)
        # what is known comes first: a run that is stopped here has moved nothing, and tries again
        _write_about(place, Attempt(place, digest, about))
        shutil.move(folder, place / _FILES)

    def _date(self, attempt: Attempt, when: datetime) -> None:
        if self._writes:
            dated = replace(attempt, about=replace(attempt.about, when=when))
            _write_about(attempt.folder, dated)

    def _free(self, student: str, about: About, digest: str, mark: str) -> Path:
        """Return a folder for an attempt, named by its time so that a listing shows the order."""
        time = about.when or (
            datetime.fromtimestamp(about.modified, UTC) if about.modified else None
        )
        stamp = f"{time:%Y-%m-%d-%H%M%S}" if time else "undated"
        names = (f"{stamp}{mark}-{digest[: 8 + extra]}" for extra in range(len(digest) - 8))
        places = (self._folder / student / name for name in names)
        return next(place for place in places if not place.exists())


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return a digest of files: of their paths and contents."""
    found = hashlib.sha256()
    for name, content in sorted(files.items()):
        found.update(repr((name, len(content))).encode() + content)
    return found.hexdigest()


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if not path.name.startswith(".")]


def _clear(folder: Path) -> None:
    """Remove what a run has left that was stopped in the middle of writing an attempt."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.startswith(_WRITING) or _is_begun(path):
            shutil.rmtree(path)


def _is_begun(folder: Path) -> bool:
    """Tell whether a folder holds a record of an attempt, and nothing else at all."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return bool(names) and all(name == _ABOUT or name.startswith(_WRITING) for name in names)


def _read(folder: Path) -> Attempt | None:
    """Return the attempt in a folder; None where that holds none, as after a run was stopped."""
    if not (folder / _FILES).is_dir():
        return None
    try:
        found: dict[str, Any] = json.loads((folder / _ABOUT).read_text())
        when = datetime.fromisoformat(found["when"]) if found["when"] else None
        about = About(**{**found["about"], "said": tuple(found["about"]["said"]), "when": when})
        return Attempt(folder, found["digest"], about)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GradingError(
            f"a record of what was collected, {folder / _ABOUT}",
            f"{type(error).__name__}: {error}",
            "Move its folder out of collected/ and collect again.",
        ) from error


def _write_about(folder: Path, attempt: Attempt) -> None:
    about = attempt.about
    known = {key: getattr(about, key) for key in ("origin", "modified", "order", "late", "said")}
    when = about.when.isoformat() if about.when else None
    text = json.dumps({"when": when, "digest": attempt.digest, "about": known}, indent=1)
    temporary = folder / f"{_WRITING}{secrets.token_hex(8)}"
    temporary.write_text(text)
    os.replace(temporary, folder / _ABOUT)
