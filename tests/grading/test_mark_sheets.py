"""Mark sheets are filled in, and read back by the rules of those who will import them."""

import csv
import io
from pathlib import Path

import pytest
from invented_results import answer, class_of, submitted
from invented_sheets import (
    ADA,
    CANVAS,
    LANGUAGE,
    MOODLE,
    canvas_import,
    known,
    moodle_import,
    sheet_of,
    small_class,
)

from rnn_course.errors import GradingError
from rnn_course.grading.exporting import canvas, moodle
from rnn_course.grading.exporting.mark_sheet import number, read_number
from rnn_course.grading.exporting.matching import Person, match
from rnn_course.grading.gradebook.class_list import Mark, Member


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
        "In the sheet and not in the class: Strange, Sue.",
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
    notes = moodle.filled(sheet, class_of(submitted("501"), submitted("Participant 502")))
    assert [row[2] for row in sheet.rows] == ["12", "12"]
    assert "The sheet has no column for comments: in Moodle switch on" in notes[-1]


def test_addresses_are_seen_whatever_their_column_is_called(tmp_path: Path) -> None:
    content = MOODLE["en"].replace(b"Email address", b"Mail of yours")
    sheet = sheet_of(tmp_path, content)
    ada = known(submitted("ada"), email="ada@uni.edu")
    moodle.filled(sheet, class_of(ada, submitted("502", double=answer(0, 0))))
    assert [row[4] for row in sheet.rows] == ["12", "3.00", ""]


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
