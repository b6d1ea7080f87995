"""Archives and rosters as nobody would wish them: each has its sentence, and nothing is lost."""

import os
import re
import shutil
import struct
from datetime import UTC, datetime
from pathlib import Path

import lms_exports as lms
import pytest
import toy
from conftest import NAME
from test_collect import RIGHT, collected, kept, notebooks, said, submitted

from rnn_course.errors import GradingError
from rnn_course.grading.intake.roster import read_roster
from rnn_course.grading.intake.safe_names import folder_name, safe_path
from rnn_course.grading.protocol.limits import MIB, Limits

pytestmark = pytest.mark.usefixtures("in_utc")


def told(course: Path, path: Path, roster: str = lms.NBGRADER) -> str:
    """Collect and return all that is said of anybody's files."""
    found = collected(course, path, roster=roster)
    return "\n".join(text for texts in found.said.values() for text in texts)


# Names


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        (r"C:\Users\ada\toy.ipynb", "Users/ada/toy.ipynb"),
        ("a/./b//c.py", "a/b/c.py"),
        ('ad"a, b:?.py', "ad_a, b__.py"),
        ("a\nb\x1b[2J.py", "a_b_[2J.py"),
        ("Mu\u0308ller.py", "Müller.py"),
        ("-rf.py", "-rf.py"),
        ("..", ""),
    ],
)
def test_names_lead_nowhere_else(raw: str, path: str) -> None:
    assert safe_path(raw) == path


def test_long_names_are_cut_and_two_of_them_stay_two() -> None:
    one, two = safe_path("x" * 300 + "1.ipynb"), safe_path("x" * 300 + "2.ipynb")
    assert one != two
    assert one.endswith(".ipynb")
    assert len(one) == len(two) == 120
    assert len(safe_path("ü" * 300).encode()) <= 120


@pytest.mark.parametrize("name", ["-rf", "=1+1", "@ada", "+ada", "../ada", ".ada"])
def test_nobodys_folder_begins_with_what_means_something(name: str) -> None:
    assert folder_name(name) in ("rf", "1+1", "ada")


def test_entries_that_lead_upwards_are_taken_below(course: Path) -> None:
    files = {"../../toy.ipynb": RIGHT, "/etc/helper.py": "x = 1", "..\\..\\evil.py": "y = 1"}
    text = told(course, lms.write_zip(course / "ada.zip", files))
    assert submitted(course)["ada"] == {
        "toy.ipynb": RIGHT.encode(),
        "etc/helper.py": b"x = 1",
        "evil.py": b"y = 1",
    }
    assert "'../../toy.ipynb' was taken as 'toy.ipynb'." in text
    assert not (course.parent / "toy.ipynb").exists()


def test_long_names_in_an_archive(course: Path) -> None:
    name = "n" * 300 + ".ipynb"
    text = told(course, lms.write_zip(course / "ada.zip", {name: RIGHT}))
    (found,) = submitted(course)["ada"]
    assert f"was taken as {found!a}." in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Lösung.ipynb".encode("cp437"), "Lösung.ipynb"),  # Windows
        ("Lösung.ipynb".encode(), "Lösung.ipynb"),  # macOS, which does not say so
        (b"L\xff.ipynb", "L_.ipynb"),  # a hard space in cp437, which no name shall have
    ],
)
def test_names_in_cp437_and_in_utf8(course: Path, name: bytes, shown: str) -> None:
    told(course, lms.named_in(course / "ada.zip", name, RIGHT))
    assert list(submitted(course)["ada"]) == [shown]


def test_people_with_accents_quotes_commas_dashes_and_namesakes(course: Path) -> None:
    people = (
        "id;first_name;last_name\n"
        '"a1";"Zoë";"d\'Arc-Núñez"\n'
        '"a2";"Bo ""B""";"Smith, Jr."\n'
        '"a3";"Ada";"Ng"\n"a4";"Ada";"Ng"\n'
        '"-a5";"Max";"Muster"\n'
    )
    files = {
        "Zoe d'Arc-Nunez_11_assignsubmission_file_/toy.ipynb": RIGHT,
        'Bo "B" Smith, Jr._12_assignsubmission_file_/toy.ipynb': RIGHT,
        "Ada Ng_13_assignsubmission_file_/toy.ipynb": RIGHT,
        "Max Muster_14_assignsubmission_file_/toy.ipynb": RIGHT,
    }
    found = collected(course, lms.write_zip(course / "m.zip", files), roster=people)
    assert sorted(submitted(course)) == ["a1", "a2", "a5"]
    (unknown,) = found.unknown
    assert unknown.why == "Ada Ng (13) may be a3 or a4"
    assert [path.read_text() for path in unknown.folder.rglob("toy.ipynb")] == [RIGHT]


def test_a_namesake_with_another_number_is_somebody_else(course: Path) -> None:
    files = {"lovelaceada_999_900_toy.ipynb": RIGHT}
    found = collected(course, lms.write_zip(course / "c.zip", files), roster=lms.CANVAS)
    (unknown,) = found.unknown
    assert unknown.why == (
        "lovelaceada (999) has the name of ada, whose number on the roster is 101"
    )


# Archives


def test_a_zip_that_a_student_has_uploaded_is_unpacked_and_one_within_is_not(course: Path) -> None:
    inner = lms.zipped({"secret.py": "x = 1"})
    upload = lms.zipped({"work/toy.ipynb": RIGHT, "work/more.zip": inner})
    files = {"lovelaceada_101_900_work.zip": upload, "lovelaceada_101_901_w.safetensors": b"1"}
    text = told(course, lms.write_zip(course / "c.zip", files), lms.CANVAS)
    found = submitted(course)["ada"]
    assert sorted(found) == ["more.zip", "toy.ipynb", "w.safetensors"]
    assert found["more.zip"] == inner
    assert "'work/more.zip' was kept as it is, not unpacked: only a zip archive is" in text
    assert "Unpack it by hand where it matters." in text


def test_a_bomb_is_left_out_by_what_it_says_of_its_size(course: Path) -> None:
    size = Limits().disk_bytes // 2 + 1
    bomb = lms.zipped({"bomb": bytes(size), "toy.ipynb": RIGHT})
    assert len(bomb) < MIB
    text = told(
        course, lms.write_zip(course / "c.zip", {"lovelaceada_101_9_b.zip": bomb}), lms.CANVAS
    )
    assert list(submitted(course)["ada"]) == ["toy.ipynb"]
    assert re.search(r"'bomb' was left out: it is larger than the \d{9} bytes that were left", text)


def test_a_bomb_that_lies_about_its_size_is_stopped(course: Path) -> None:
    size = Limits().disk_bytes // 2 + 1
    bomb = lms.zipped({"bomb": bytes(size), "toy.ipynb": RIGHT})
    bomb = bomb.replace(struct.pack("<L", size), struct.pack("<L", 10))
    text = told(
        course, lms.write_zip(course / "c.zip", {"lovelaceada_101_9_b.zip": bomb}), lms.CANVAS
    )
    assert list(submitted(course)["ada"]) == ["toy.ipynb"]
    assert "'bomb' was left out: it cannot be unpacked (Bad CRC-32 for file 'bomb')" in text


def test_thousands_of_files_are_bounded_and_the_notebook_is_among_them(course: Path) -> None:
    many = lms.zipped({**{f"f{n:04}": b"" for n in range(700)}, "toy.ipynb": RIGHT})
    text = told(
        course, lms.write_zip(course / "c.zip", {"lovelaceada_101_9_b.zip": many}), lms.CANVAS
    )
    assert notebooks(course) == {"ada": RIGHT}
    assert len(kept(course, "ada")[0]) == 500
    assert "was left out: there are too many files." in text


def test_links_are_left_out(course: Path, tmp_path: Path) -> None:
    path = lms.with_link(course / "ada.zip", "passwd", "/etc/passwd", {"toy.ipynb": RIGHT})
    assert told(course, path) == "'passwd' was left out: it is a link."
    folder = lms.put(course / "mails", {"bob/toy.ipynb": RIGHT})
    (folder / "bob" / "passwd").symlink_to("/etc/passwd")
    (folder / "bob" / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "bob" / "pipe")
    found = collected(course, folder)
    assert len(found.plan.downloads[0].remarks) == 3
    assert list(submitted(course)["bob"]) == ["toy.ipynb"]


def test_names_of_thousands_of_digits(course: Path) -> None:
    long = "1" * 30_000  # a pattern that tries each of them in turn would take minutes
    files = {f"{long}_assignsubmission_file_/toy.ipynb": RIGHT, f"{long}_{long}_x": b""}
    found = collected(course, lms.write_zip(course / "x.zip", files), roster=lms.NBGRADER)
    assert len(found.unknown) == 2
    assert all(len(unknown.why) < 200 for unknown in found.unknown)
    assert all(len(unknown.folder.name) <= 120 for unknown in found.unknown)


def test_a_file_that_is_locked_or_broken_costs_only_itself(course: Path) -> None:
    locked = bytearray(lms.zipped({"toy.ipynb": RIGHT, "locked.py": "x = 1"}))
    at = locked.index(b"PK\x01\x02", locked.index(b"PK\x01\x02") + 1)
    locked[at + 8] |= 1  # the flag of a password, in the archive's table
    text = told(
        course,
        lms.write_zip(course / "c.zip", {"lovelaceada_101_9_b.zip": bytes(locked)}),
        lms.CANVAS,
    )
    assert list(submitted(course)["ada"]) == ["toy.ipynb"]
    assert "'locked.py' was left out: it is locked with a password." in text


def test_a_students_archive_that_is_none_is_kept_and_said(course: Path) -> None:
    files = {
        "lovelaceada_101_900_work.zip": b"no zip",
        "müllerjörg_102_901_work.rar": b"Rar!",
        "oneilbobob_103_902_toy.ipynb": RIGHT,
    }
    text = told(course, lms.write_zip(course / "c.zip", files), lms.CANVAS)
    assert submitted(course)["ada"] == {"work.zip": b"no zip"}
    assert submitted(course)["joerg"] == {"work.rar": b"Rar!"}
    assert submitted(course)["bob"] == {"toy.ipynb": RIGHT.encode()}
    assert "'work.zip' is no zip archive that can be read" in text.replace(
        "lovelaceada_101_900_", ""
    )
    assert "Ask for it again." in text
    assert "was kept as it is, not unpacked" in text


def test_two_files_of_one_name_are_both_taken(course: Path) -> None:
    files = {"toy.ipynb": RIGHT, "a.py": "1", "b.py": "2", "a.py/b": "3"}
    path = course / "ada.zip"
    path.write_bytes(lms.zipped(files).replace(b"b.py", b"a.py"))
    text = told(course, path)
    contents = {
        name: text for name, text in submitted(course)["ada"].items() if name != "toy.ipynb"
    }
    assert sorted(contents.values()) == [b"1", b"2", b"3"]
    assert "'a.py' was taken as 'a~2.py'." in text


def test_mails_that_cannot_be_read_are_kept_as_they_are(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lms.put(course / "mails", {"ada.eml": "From: x", "bob/toy.ipynb": RIGHT})

    def broken(*_: object, **__: object) -> None:  # as Python's parser is on some headers
        raise IndexError("string index out of range")

    monkeypatch.setattr("email.message_from_bytes", broken)
    collected(course, folder, roster=lms.NBGRADER)
    assert submitted(course) == {
        "ada": {"ada.eml": b"From: x"},
        "bob": {"toy.ipynb": RIGHT.encode()},
    }


# What cannot be collected at all


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, r"Expected an archive, a folder or a file to collect from\. Got no "),
        (lambda path: path.write_bytes(b"<html>"), r"Got .*x\.zip, which is none .* Download it"),
        (lambda path: lms.write_zip(path, {}), r"Expected hand-ins to collect\. Got .*no files\. "),
    ],
)
def test_a_path_with_nothing_in_it_is_named_and_nothing_is_written(
    course: Path, make, message: str
) -> None:
    make(course / "x.zip")
    good = lms.write_zip(course / "ada.zip", {"toy.ipynb": RIGHT})
    with pytest.raises(GradingError, match=message):
        collected(course, good, course / "x.zip", roster=lms.NBGRADER)
    assert not (course / "collected").exists()
    assert not (course / "submitted").exists()


def test_a_deadline_that_is_no_time_is_named(course: Path) -> None:
    path = lms.write_zip(course / "ada.zip", {"toy.ipynb": RIGHT})
    with pytest.raises(GradingError, match=r"Got 'friday'\. Write it as \"2026-11-20 23:59\"\."):
        collected(course, path, deadline="friday")


def test_what_goes_wrong_with_one_does_not_stop_the_others(course: Path) -> None:
    files = {"ada/toy.ipynb": RIGHT, "bob/toy.ipynb": RIGHT, "joerg/toy.ipynb": RIGHT}
    folder = lms.put(course / "mails", files)
    collected(course, folder, roster=lms.NBGRADER)
    (record,) = (course / "collected" / NAME / "ada").glob("*/attempt.json")
    record.write_text("{")
    shutil.rmtree(course / "submitted" / "bob")
    (course / "submitted" / "bob").write_text("a file where a folder should be")
    shutil.rmtree(course / "submitted" / "joerg")
    code, output = said(course, str(folder))
    assert code == 1
    assert re.search(r"ada: NOT COLLECTED\. Expected a record .*attempt\.json\. Got JSON", output)
    assert "Move its folder out of collected/ and collect again." in output
    assert re.search(r"bob: NOT COLLECTED\. .*\(.*submitted/bob.*\)\. Mend that and run", output)
    assert "1 placed in submitted/, 0 unchanged, 0 missing, 0 unknown, 2 not collected" in output
    assert (course / "submitted" / "bob").read_text() == "a file where a folder should be"
    assert (course / "submitted" / "joerg" / NAME / "toy.ipynb").read_text() == RIGHT


# Rosters


def roster(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "students.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffid;first_name;last_name;email\nada;Ada;Lovelace;ada@uni.example\n".encode(),
        "id\tfirst_name\tlast_name\temail\r\nada\tAda\tLovelace\tada@uni.example\r\n".encode(
            "utf-16"
        ),
        b"Vorname,Nachname,Anmeldename,E-Mail-Adresse\nAda,Lovelace,ada,ada@uni.example\n",
        b"Email address,Username,Full name\nada@uni.example,ada,Ada Lovelace\n\n",
    ],
)
def test_rosters_of_any_encoding_separator_and_language(tmp_path: Path, content: bytes) -> None:
    (ada,) = read_roster(roster(tmp_path, content))
    assert (ada.id, ada.name, ada.email) == ("ada", "Ada Lovelace", "ada@uni.example")


def test_excels_letters_are_read(tmp_path: Path) -> None:
    (person,) = read_roster(roster(tmp_path, "id;last_name\nj;Müller\n".encode("cp1252")))
    assert person.last_name == "Müller"


def test_canvas_test_student_and_points_are_nobody(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, lms.CANVAS))
    assert [person.id for person in people] == ["ada", "joerg", "bob"]
    assert [person.lms_user_id for person in people] == ["101", "102", "103"]


def test_moodles_german_worksheet(tmp_path: Path) -> None:
    text = (
        "ID;Vollständiger Name;E-Mail-Adresse;Zuletzt geändert (Abgabe)\n"
        "Teilnehmer/in2001;Ada Lovelace;a@uni.example;Dienstag, 1. Dezember 2026, 23:05\n"
        "Teilnehmer/in2002;Bob;b@uni.example;-\n"
        "Teilnehmer/in2003;Eve;e@uni.example;mardi 1 décembre 2026, 23:05\n"
    )
    ada, bob, eve = read_roster(roster(tmp_path, text))
    assert (ada.id, ada.participant, ada.lms_user_id) == ("a@uni.example", "2001", "")
    assert ada.handed_in == datetime(2026, 12, 1, 23, 5, tzinfo=UTC)
    assert (bob.handed_in, bob.unread_time) == (None, "")
    assert (eve.handed_in, eve.unread_time) == (None, "mardi 1 décembre 2026, 23:05")


def test_times_that_cannot_be_read_are_said(course: Path) -> None:
    people = lms.MOODLE.replace("Friday, 20 November", "vendredi 20 novembre")
    (course / "students.csv").write_text(people)
    files = {"Ada Lovelace_2001_assignsubmission_file_/toy.ipynb": RIGHT}
    code, output = said(course, str(lms.write_zip(course / "m.zip", files)))
    assert code == 0
    assert "  1 time in it cannot be read, such as 'vendredi 20 novembre 2026, 11:05 PM'" in output
    assert "Export it once more with the platform set to English." in output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "name,points\nAda,3\n",
            r"with a column that says who somebody is .*columns name, points\. ",
        ),
        ("", r"Got .*students\.csv with the columns \(none\)\. Export it again"),
        ("id,email\n", r"Expected people on the roster\. Got none in .*students\.csv\. Export"),
        (
            "id,first_name\nada,Ada\nAda,Adam\n",
            r"Got 'Ada' for 'Adam' in row 3, and for somebody else above\. Correct one",
        ),
    ],
)
def test_a_roster_that_does_not_do_is_named_with_what_mends_it(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(GradingError, match=message):
        read_roster(roster(tmp_path, content))


def test_a_roster_that_is_not_there_is_named(course: Path) -> None:
    path = lms.write_zip(course / "ada.zip", {"toy.ipynb": toy.text()})
    with pytest.raises(GradingError, match=r"Expected a roster\. Got .*none\.csv \(No such file"):
        said(course, str(path), "--roster", str(course / "none.csv"))
