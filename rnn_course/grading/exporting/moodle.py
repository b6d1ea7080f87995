"""Marks for Moodle: its offline grading worksheet, filled in.

What its importer asks for (`mod/assign/feedback/offline` of Moodle):

- columns by their names *in the site's language*: Identifier, Grade and Last modified (grade) have
  to be there; Feedback comments where that kind of feedback is switched on;
- a row is a participant by the number at the end of its identifier, ``Participant 123``;
- a mark is read by the custom of the language (``72,5`` in German), left out where it is above the
  maximum, and where the mark in Moodle is younger than the sheet says.
"""

import re
from collections.abc import Sequence
from html import escape

from rnn_course.checks.display import points, printable
from rnn_course.errors import GradingError
from rnn_course.grading.exporting.mark_sheet import MarkSheet, number, read_number, scale_factor
from rnn_course.grading.exporting.matching import Person, listed, match
from rnn_course.grading.reporting.class_results import ClassResults, Submitted

# English, German, French, Spanish, as Moodle's language packs have them
_IDENTIFIER = ("Identifier", "ID", "Identifiant", "Identificador")
_GRADE = ("Grade", "Bewertung", "Note", "Calificación")
_MAXIMUM = ("Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima")
_MODIFIED = (
    "Last modified (grade)", "Zuletzt geändert (Bewertung)", "Dernière modification (note)",
    "Última modificación (calificación)",
)  # fmt: skip
_NAME = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo")
_EMAIL = (
    "Email address", "E-Mail-Adresse", "Adresse de courriel", "Dirección de correo",
    "Dirección Email", "Correo electrónico",
)  # fmt: skip
_NUMBERS = ("ID number", "ID-Nummer", "Numéro d'identification", "Número de ID")
_LOGINS = ("Username", "Anmeldename", "Nom d'utilisateur", "Nombre de usuario")
_CHANGEABLE = (
    "Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée",
    "La calificación puede ser cambiada",
)  # fmt: skip
_FEEDBACK = (
    "Feedback comments", "Feedback als Kommentar", "Feedback par commentaires",
    "Comentarios de retroalimentación",
)  # fmt: skip
_NO = ("no", "nein", "non")
_COMMA = {"bewertung", "note", "calificación"}
"""Columns of languages that write 72,5, for sheets that hold no number yet."""

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_OURS = re.compile(r'<div class="rnn-course">.*?</div>', re.DOTALL)


def filled(sheet: MarkSheet, results: ClassResults, *, scale: bool = False) -> list[str]:
    """Fill marks and feedback comments into a worksheet.

    Args:
        sheet: changed in place.
        results: the marks.
        scale: scale marks to the worksheet's maximum.

    Returns:
        What the instructor should know, in sentences.

    Raises:
        GradingError: it is no worksheet in a language that we know, its maximum is another, or
            nobody of the class is in it.
    """
    grade = _require_worksheet(sheet)
    maximum, feedback = sheet.column(_MAXIMUM), sheet.column(_FEEDBACK)
    factor = _factor(sheet, results, maximum, scale=scale)
    comma = _writes_comma(sheet, grade, maximum)
    every = [*results.missing, *(one.member for one in results.submitted)]
    matches = match(_people(sheet), every, sheet.path)
    submitted = {one.member.id: one for one in results.submitted}
    locked: list[str] = []
    above: list[str] = []
    for place, member in matches.rows.items():
        row, one = sheet.rows[place], submitted.get(member.id)
        if one is None:
            continue
        if sheet.cell(row, sheet.column(_CHANGEABLE)).casefold() in _NO:
            locked.append(member.id)
            continue
        sheet.fill(row, grade, number(member.total * factor, comma))
        if member.total > results.max_score:
            above.append(member.id)
        if feedback is not None:
            sheet.fill(row, feedback, _commented(sheet.cell(row, feedback), one, results))
    return [*matches.sentences(), *_notes(sheet, locked, above)]


def _notes(sheet: MarkSheet, locked: Sequence[str], above: Sequence[str]) -> list[str]:
    """Tell whom Moodle will not take a mark for, and what else the sheet will not do."""
    notes = [f"Left as they are, locked in Moodle: {listed(locked)}."] if locked else []
    if sheet.column(_FEEDBACK) is None:
        notes.append(
            "The sheet has no column for comments: in Moodle switch on Feedback comments in the "
            "assignment's settings, if students are to read what was seen."
        )
    if above:
        notes.append(
            f"Moodle takes no mark above the maximum, so give it by hand: {listed(above)}."
        )
    if sheet.separator != ",":
        notes.append(
            f"The sheet is separated by {sheet.separator!r}, and Moodle reads commas only: it was "
            "saved by a spreadsheet. Download it again and do not open it before."
        )
    return notes


def _require_worksheet(sheet: MarkSheet) -> int:
    needed = {"Identifier": _IDENTIFIER, "Grade": _GRADE, "Last modified (grade)": _MODIFIED}
    missing = [name for name, names in needed.items() if sheet.column(names) is None]
    grade = sheet.column(_GRADE)
    if missing or grade is None:
        raise GradingError(
            f"Moodle's grading worksheet in English, German, French or Spanish in {sheet.path}, "
            f"with {', '.join(needed)}",
            f"{listed(sheet.header)}; no {', '.join(missing)}",
            "In Moodle: the assignment, Submissions, Actions, Download grading worksheet.",
        )
    return grade


def _factor(sheet: MarkSheet, results: ClassResults, maximum: int | None, *, scale: bool) -> float:
    said = {sheet.cell(row, maximum) for row in sheet.rows} - {""}
    worth = read_number(said.pop()) if len(said) == 1 else None
    if worth is None:
        raise GradingError(
            f"one maximum grade, a number, in {sheet.path}",
            "none" if maximum is None else f"{len(said)} others",
            "Let the assignment be graded in points, not by a scale, and download the sheet again.",
        )
    return scale_factor(worth, results.max_score, sheet.path.name, scale=scale)


def _writes_comma(sheet: MarkSheet, grade: int, maximum: int | None) -> bool:
    """Tell how the sheet writes numbers: from those in it, else by its language."""
    there = [sheet.cell(row, place) for row in sheet.rows for place in (maximum, grade)]
    written = [text for text in there if read_number(text) is not None and {",", "."} & set(text)]
    if written:
        return "," in written[0]
    return sheet.header[grade].strip().casefold() in _COMMA


def _people(sheet: MarkSheet) -> list[Person]:
    ident, name, email = sheet.column(_IDENTIFIER), sheet.column(_NAME), _email_column(sheet)
    found = []
    for i, row in enumerate(sheet.rows):
        identifier = sheet.cell(row, ident)
        if not identifier:
            continue
        said = sheet.cell(row, name) or identifier
        logins = [sheet.cell(row, sheet.column([name])) for name in _LOGINS]
        if email is None:
            # blind marking shows nothing else, and the folders may be called after it
            logins += [identifier, re.sub(r"\D", "", identifier)]
        institution = sheet.cell(row, sheet.column(_NUMBERS))
        found.append(Person(i, said, institution, tuple(logins), sheet.cell(row, email)))
    return found


def _email_column(sheet: MarkSheet) -> int | None:
    """Return the column of addresses, by its name or by what it holds.

    Where one is overlooked the sheet would pass for a blind one, and numbers decide in that.
    """
    named = sheet.column(_EMAIL)
    if named is not None:
        return named
    cells = ((i, [sheet.cell(row, i) for row in sheet.rows]) for i in range(len(sheet.header)))
    return next((i for i, texts in cells if texts and all(map(_ADDRESS.fullmatch, texts))), None)


def _commented(there: str, one: Submitted, results: ClassResults) -> str:
    """Return a comment with ours in it: an earlier one of ours is replaced, others stay."""
    ours = f'<div class="rnn-course">{_comment(one, results)}</div>'
    if _OURS.search(there):
        return _OURS.sub(lambda _: ours, there, count=1)
    return f"{there}{ours}"


def _comment(one: Submitted, results: ClassResults) -> str:
    lines = []
    for question in results.coursework:
        mark = one.member.marks.get(question.id)
        if mark is None:
            continue
        earned = "to be marked" if mark.unmarked else points(mark.score)
        line = f"<b>{escape(question.title)}</b>: {earned} of {points(mark.max_score)}"
        lines.append(f"{line}<br>{_findings(one, question.id)}")
    if one.member.penalty:
        lines.append(f"Late: {points(one.member.penalty)} points off.")
    return "".join(f"<p>{line}</p>" for line in lines)


def _findings(one: Submitted, question: str) -> str:
    """Say what was seen of what failed, each sentence once; it may hold a student's text."""
    answer = one.answers.get(question)
    if answer is None or answer.status == "manual":
        return ""
    messages = [v["message"] for v in answer.criteria.values() if not v["passed"]]
    return " ".join(escape(printable(text)) for text in dict.fromkeys(messages) if text)
