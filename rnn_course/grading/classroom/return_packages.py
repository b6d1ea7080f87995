"""Packages of feedback, in the shape in which each platform takes it back."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rnn_course.checks.display import points
from rnn_course.grading.classroom.change_list import without_formulas
from rnn_course.grading.classroom.lms_names import Entry, Person

_MAIL = ("student", "first_name", "last_name", "email", "points", "of", "file")


@dataclass(frozen=True)
class Feedback:
    """What is returned to a student.

    Attributes:
        pages: HTML by file name.
        notebooks: text by file name.
        earned: points, after what lateness costs.
        most: points that there are.
    """

    person: Person
    pages: Mapping[str, bytes]
    notebooks: Mapping[str, bytes]
    earned: float
    most: float


def free_place(place: Path) -> Path:
    """Return a path where there is nothing yet: nothing is overwritten."""
    number, free = 1, place
    while free.exists():
        number += 1
        free = place.with_name(f"{place.stem}-{number}{place.suffix}")
    return free


def write_folders(place: Path, feedback: Sequence[Feedback]) -> None:
    """Write a folder a student, and a table that a mail merge reads."""
    place.mkdir(parents=True)
    rows = []
    for one in feedback:
        folder = place / one.person.student
        folder.mkdir()
        for name, content in one.pages.items():
            (folder / name).write_bytes(content)
            who = (one.person.student, one.person.first_name, one.person.last_name)
            marks = (points(one.earned), points(one.most))
            rows.append([*who, one.person.email, *marks, f"{one.person.student}/{name}"])
    table = io.StringIO(newline="")
    csv.writer(table).writerows([_MAIL, *map(without_formulas, rows)])
    (place / "mail_merge.csv").write_text(table.getvalue(), "utf-8-sig")  # so that Excel reads it


def write_moodle(
    place: Path, feedback: Sequence[Feedback], entries: Mapping[str, Sequence[Entry]]
) -> None:
    """Write what Moodle's "Upload multiple feedback files in a zip" takes.

    Moodle splits a name at its first four underscores: a full name, the participant's number, and
    the kind of a plugin; what follows is the name that the student sees.
    """
    with zipfile.ZipFile(place, "x", zipfile.ZIP_DEFLATED) as archive:
        for one in feedback:
            entry = entries[one.person.student][0]
            name = re.sub(r"[_/\\]", " ", entry.name)
            who = f"{name}_{entry.number}_assignsubmission_file_"
            for page, content in one.pages.items():
                archive.writestr(f"{who}{page}", content)


def write_canvas(
    place: Path, feedback: Sequence[Feedback], entries: Mapping[str, Sequence[Entry]]
) -> list[str]:
    """Write what Canvas' "Upload Submissions" takes: files under the names that it gave them.

    Canvas shows each under the name of what was handed in, so that a notebook comes back for a
    notebook, and a zip for a zip.

    Returns:
        Who had handed in neither.
    """
    without = []
    with zipfile.ZipFile(place, "x", zipfile.ZIP_DEFLATED) as archive:
        for one in feedback:
            files = dict(_for_canvas(one, entries[one.person.student]))
            for name, content in files.items():
                archive.writestr(name, content)
            if not files:
                without.append(one.person.student)
    return without


def _for_canvas(one: Feedback, entries: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a student gets back, by the names that Canvas gave them."""
    for (name, notebook), page in zip(one.notebooks.items(), one.pages.items(), strict=True):
        stem = PurePosixPath(name).stem.casefold()
        fitting = [e.file for e in entries if e.file.endswith(".ipynb")]
        fitting.sort(key=lambda file: stem not in file.casefold())
        if fitting:
            yield fitting[0], notebook
            continue
        for archive in [e.file for e in entries if e.file.endswith(".zip")][:1]:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as inner:
                inner.writestr(page[0], page[1])
                inner.writestr(name, notebook)
            yield archive, packed.getvalue()
