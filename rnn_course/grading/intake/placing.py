"""Puts the attempt that counts where nbgrader looks for it, and loses nothing that lies there."""

import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rnn_course.grading.intake.attempts import About, Attempt, Attempts, digest_of
from rnn_course.grading.intake.renamed_files import with_original_names
from rnn_course.grading.intake.staging import stage
from rnn_course.grading.intake.timestamp import FILE, read_timestamp
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.scratch_folder import write_files

_NBGRADERS = (FILE, "submission_secret.txt")  # a student's own of that name says nothing
_WRITING, _REPLACED = ".writing-", ".replaced-"
_LAST = 2**63  # of two of one time, what somebody has put there by hand is the later

Status = Literal["placed", "unchanged", "left"]


@dataclass(frozen=True)
class Placed:
    """What became of a student's attempts.

    Attributes:
        status: ``placed``, ``unchanged``, or ``left`` where what lies there came from elsewhere and
            is the latest.
        counts: what is known of the attempt that counts.
        number: how many attempts there are.
    """

    status: Status
    counts: About
    number: int


class Placing:
    """Places submissions of one coursework.

    Args:
        attempts: what was collected.
        names: what the coursework calls its files.
        deadline: the last attempt before it counts, the last of all where there is none before.
        writes: place them; else only tell what would be.
    """

    def __init__(
        self,
        attempts: Attempts,
        names: Sequence[str],
        deadline: datetime | None = None,
        *,
        writes: bool = True,
    ) -> None:
        self._attempts, self._names, self._deadline = attempts, names, deadline
        self._writes = writes

    def place(self, student: str, folder: Path) -> Placed:
        """Place the attempt that counts.

        Whatever else lies there, be it collected in another way or changed by hand, is an attempt
        too: it is kept, and stays where it is if it is the last.

        Args:
            student: whose.
            folder: ``submitted/STUDENT/COURSEWORK``.
        """
        attempts = self._attempts.of(student)
        shown = {attempt.folder: digest_of(self._shown(attempt)) for attempt in attempts}
        there = self._there(folder, shown)
        candidates = [*attempts, there] if there else attempts
        in_time = [a for a in candidates if not self._deadline or a.about.before(self._deadline)]
        counts = max(in_time or candidates, key=lambda attempt: attempt.about.rank)
        status: Status = "placed"
        if counts is there:
            status = "left"
        elif there is None and _digest(folder) == shown[counts.folder]:
            status = "unchanged"
            same = [a.about.when for a in attempts if shown[a.folder] == shown[counts.folder]]
            self._date(folder, counts.about.when, same)
        elif self._writes:
            self._write(student, folder, counts, there)
        return Placed(status, counts.about, len(candidates))

    def _shown(self, attempt: Attempt) -> dict[str, bytes]:
        """Return an attempt's files as they are placed: by their names, without nbgrader's."""
        files, _ = with_original_names(attempt.files(), self._names)
        return {name: content for name, content in files.items() if name not in _NBGRADERS}

    def _there(self, folder: Path, shown: dict[Path, str]) -> Attempt | None:
        """Return what lies in the place, as an attempt, if it is none that was placed."""
        digest = _digest(folder)
        if not digest or digest in shown.values():
            return None
        when = read_timestamp(folder)[0]
        modified = max((_modified(path) for path in [folder, *folder.rglob("*")]), default=0.0)
        about = About("submitted/", when.replace(tzinfo=UTC) if when else None, modified, _LAST)
        return Attempt(folder, digest, about)

    def _write(self, student: str, folder: Path, counts: Attempt, there: Attempt | None) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear(folder.parent)
        temporary = folder.with_name(f"{_WRITING}{secrets.token_hex(8)}")
        temporary.mkdir()
        write_files(self._shown(counts), temporary)
        if counts.about.when:
            _write_timestamp(temporary, counts.about.when)
        if there:
            self._attempts.adopt(student, folder, there.digest, there.about)
        elif os.path.lexists(folder):  # it holds an attempt that is kept
            os.replace(folder, folder.with_name(f"{_REPLACED}{secrets.token_hex(8)}"))
        os.replace(temporary, folder)
        _clear(folder.parent)

    def _date(self, folder: Path, when: datetime | None, placed: Sequence[datetime | None]) -> None:
        """Write down when something was handed in that lay there already.

        A time that somebody has put there by hand stays.
        """
        if not when or not self._writes:
            return
        there, problem = read_timestamp(folder)
        if problem or there is None or there.replace(tzinfo=UTC) in placed:
            _write_timestamp(folder, when)


def _digest(folder: Path) -> str:
    """Return the digest of what lies in a folder, "" if there is nothing."""
    if not os.path.lexists(folder):
        return ""
    staged = stage(folder, Limits())
    files = {name: text for name, text in staged.files.items() if name not in _NBGRADERS}
    # where something cannot be read, it is not what was placed
    return digest_of(files) + ("+" if staged.left_out else "")


def _write_timestamp(folder: Path, when: datetime) -> None:
    path = folder / FILE
    text = f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    if path.is_file() and not path.is_symlink() and path.read_text(errors="replace") == text:
        return
    temporary = folder / f"{_WRITING}{secrets.token_hex(8)}"
    temporary.write_text(text)
    os.replace(temporary, path)


def _clear(folder: Path) -> None:
    """Remove what a run has left that was stopped in the middle: all of it is kept elsewhere."""
    for mark in (_WRITING, _REPLACED):
        for path in folder.glob(f"{mark}*"):
            shutil.rmtree(path)


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
