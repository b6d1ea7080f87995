"""The list of changed marks that a run leaves beside the gradebook: a table and a text."""

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from rnn_course.grading.classroom.changed_marks import HEADER, MarkChange, by_student, summary

FOLDER = "changed_marks"


@contextmanager
def change_list(root: Path, coursework: str) -> Iterator["ChangeList"]:
    """Yield a list to write changes into; whatever ends it, it tells what was written."""
    changes = ChangeList(root, coursework)
    try:
        yield changes
    finally:
        changes.close()


class ChangeList:
    """Writes changes down as they come, so that a run that is killed has told what it changed.

    Args:
        root: the course's folder.
        coursework: its name.
    """

    def __init__(self, root: Path, coursework: str) -> None:
        self._folder = root / FOLDER / coursework
        self._file: TextIO | None = None
        self.changes: list[MarkChange] = []

    @property
    def path(self) -> Path | None:
        """Where the table is, None as long as nothing has changed."""
        return Path(self._file.name) if self._file else None

    def add(self, changes: Sequence[MarkChange]) -> None:
        """Write changes into the table; see them on the disk before going on."""
        if not changes:
            return
        if self._file is None:
            self._file = _new_file(self._folder)
            csv.writer(self._file).writerow(HEADER)
        csv.writer(self._file).writerows(without_formulas(change.row()) for change in changes)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.changes += changes

    def close(self) -> None:
        """Write the text beside the table."""
        if self._file is None:
            return
        self._file.close()
        lines = [summary(self.changes), "", *by_student(self.changes), ""]
        Path(self._file.name).with_suffix(".txt").write_text("\n".join(lines), "utf-8")


def _new_file(folder: Path) -> TextIO:
    """Open a file that is named by the time, and was not there before."""
    folder.mkdir(parents=True, exist_ok=True)
    name, number = f"{datetime.now():%Y-%m-%d_%H%M%S}", 1
    while True:
        try:
            path = folder / (f"{name}.csv" if number == 1 else f"{name}_{number}.csv")
            return path.open("x", encoding="utf-8", newline="")
        except FileExistsError:
            number += 1


def without_formulas(cells: list[str]) -> list[str]:
    """Keep a spreadsheet from taking a name for a formula; numbers may begin with a minus."""
    return [f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") else cell for cell in cells]
