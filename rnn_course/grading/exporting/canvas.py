"""Marks for Canvas: its gradebook's CSV, filled in or made new.

What its importer asks for (`lib/gradebook_importer.rb` of canvas-lms):

- the header begins with Student and ID, or LastName, FirstName and ID; then perhaps SIS User ID,
  SIS Login ID, Integration ID and Root Account; then Section, then a column an assignment, called
  ``Title (id)``: the id decides, and a title without one makes a new assignment;
- the row that begins with Points Possible holds what each is worth, or ``(read only)``: such
  columns, and those called Current Score and the like, are never read;
- a row is a student by ID, else by SIS User ID, else by SIS Login ID;
- cells: a number, with a point or a comma; ``EX`` is excused; empty is no mark.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

from rnn_course.errors import GradingError
from rnn_course.grading.exporting.mark_sheet import MarkSheet, number, read_number, scale_factor
from rnn_course.grading.exporting.matching import Person, listed, match
from rnn_course.grading.gradebook.class_list import Member
from rnn_course.grading.reporting.class_results import ClassResults
from rnn_course.grading.reporting.marks_table import harmless

_WITH_ID = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)", re.DOTALL)
_POINTS = "Points Possible"
_KEPT = {"EX": "excused in Canvas", "N/A": "not assigned to them in Canvas"}
_TEST_STUDENT = "Student, Test"  # Canvas' own, for trying a course out
_NEW = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def filled(
    sheet: MarkSheet, results: ClassResults, column: str = "", *, scale: bool = False
) -> list[str]:
    """Fill one assignment's column of a gradebook that Canvas exported.

    Args:
        sheet: changed in place.
        results: the marks.
        column: the assignment's header or title; the coursework's title or name by default.
        scale: scale marks to what the assignment is worth in Canvas.

    Returns:
        What the instructor should know, in sentences.

    Raises:
        GradingError: it is no Canvas gradebook, the assignment is not in it or worth something
            else, or nobody of the class is in it.
    """
    _require_gradebook(sheet)
    place = _assignment(sheet, results, column)
    worth = next((row for row in sheet.rows if _is_points(row)), [])
    said = sheet.cell(worth, place)
    factor = _factor(sheet, results, place, said, scale=scale)
    # Canvas writes every number of a file one way, and reads both
    comma = any("," in cell and read_number(cell) is not None for cell in worth)
    every = [*results.missing, *(one.member for one in results.submitted)]
    matches = match(_people(sheet), every, sheet.path)
    marked = {one.member.id: one.member.total for one in results.submitted}
    kept: dict[str, list[str]] = {}
    for row, member in matches.rows.items():
        there = sheet.cell(sheet.rows[row], place)
        if there.upper() in _KEPT:
            kept.setdefault(there.upper(), []).append(member.id)
        elif member.id in marked:
            sheet.fill(sheet.rows[row], place, number(marked[member.id] * factor, comma))
    notes = [f"Left as they are, {_KEPT[why]}: {listed(who)}." for why, who in kept.items()]
    strangers = tuple(name for name in matches.strangers if name != _TEST_STUDENT)
    return [*replace(matches, strangers=strangers).sentences(), *notes]


def new_gradebook(results: ClassResults) -> tuple[str, list[str]]:
    """Return a gradebook file that makes a new assignment, and what to know about it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    title = harmless(results.coursework.title)
    writer.writerow([*_NEW, title])
    writer.writerow([f"    {_POINTS}", "", "", "", "", number(results.max_score)])
    for one in results.submitted:
        writer.writerow([*_about(one.member), number(one.member.total)])
    unknown = [one.member.id for one in results.submitted if not one.member.lms_user_id]
    notes = [f"Canvas will make a new assignment {title!r}; with --template it fills yours."]
    if unknown:
        notes.append(
            f"Canvas has to know them by login, for want of its number: {listed(unknown)}."
        )
    return buffer.getvalue(), notes


def _about(member: Member) -> tuple[str, ...]:
    names = ", ".join(filter(None, (member.last_name, member.first_name)))
    return harmless(names or member.id), member.lms_user_id, "", member.id, ""


def _require_gradebook(sheet: MarkSheet) -> None:
    header = [*sheet.header, "", ""]
    named = "Student" in header[0] or (header[0], header[1]) == ("LastName", "FirstName")
    if not named or sheet.column(["ID"]) is None or sheet.column(["Section"]) is None:
        raise GradingError(
            f"a gradebook that Canvas exported in {sheet.path}, with Student, ID and Section",
            listed(sheet.header),
            "In Canvas: Grades, Export, Export Entire Gradebook.",
        )


def _assignment(sheet: MarkSheet, results: ClassResults, column: str) -> int:
    first = (sheet.column(["Section"]) or 0) + 1
    titles = {
        i: found["title"]
        for i, name in enumerate(sheet.header)
        if i >= first and (found := _WITH_ID.fullmatch(name.strip()))
    }
    course = results.coursework
    wanted = {name.casefold() for name in ([column] if column else [course.title, course.name])}
    places = [
        i
        for i, title in titles.items()
        if {title.casefold(), sheet.header[i].strip().casefold()} & wanted
    ]
    if len(places) != 1:
        there = listed([sheet.header[i].strip() for i in titles]) or "no assignment at all"
        raise GradingError(
            f"one assignment called {' or '.join(sorted(wanted))} in {sheet.path}",
            f"{len(places)} of them among {there}",
            "Name it with --column, as the sheet's header has it.",
        )
    return places[0]


def _factor(
    sheet: MarkSheet, results: ClassResults, place: int, said: str, *, scale: bool
) -> float:
    worth = read_number(said)
    if worth is None:
        raise GradingError(
            f"what {sheet.header[place]!r} is worth in the row {_POINTS!r} of {sheet.path}",
            repr(said),
            "Take a column that Canvas lets you change, and keep that row.",
        )
    return scale_factor(worth, results.max_score, sheet.header[place], scale=scale)


def _is_points(row: Sequence[str]) -> bool:
    return bool(row) and row[0].strip() == _POINTS


def _people(sheet: MarkSheet) -> list[Person]:
    """Return the rows that are students: not Points Possible, not how marks are posted."""
    ident, user, login = (sheet.column([name]) for name in ("ID", "SIS User ID", "SIS Login ID"))
    names = range(ident or 1)
    return [
        Person(
            i,
            ", ".join(filter(None, (sheet.cell(row, place) for place in names))),
            sheet.cell(row, ident),
            (sheet.cell(row, login), sheet.cell(row, user)),
            sheet.cell(row, login),
        )
        for i, row in enumerate(sheet.rows)
        if sheet.cell(row, ident) and not _is_points(row)
    ]
