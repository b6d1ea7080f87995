"""A class is collected from what platforms give out: whole, once, and with nothing lost."""

import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import lms_exports as lms
import nbformat
import pytest
import toy
from conftest import NAME, hand_in
from nbformat.v4 import new_markdown_cell
from typer.testing import CliRunner

from rnn_course.cli import app
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.collect import Collected, Settings, collect
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.intake.timestamp import read_timestamp

pytestmark = pytest.mark.usefixtures("in_utc")

RIGHT, WRONG = toy.text(), toy.text(double="def double(x):\n    return 3 * x")


def collected(
    course: Path, *paths: Path, roster: str = "", deadline: str = "", dry_run: bool = False
) -> Collected:
    if roster:
        (course / "students.csv").write_text(roster)
    return collect(course, NAME, paths, Settings(None, deadline, dry_run))


def submitted(course: Path) -> dict[str, dict[str, bytes]]:
    """Return what lies in submitted/, by student."""
    found: dict[str, dict[str, bytes]] = {}
    root = course / "submitted"
    for path in sorted(root.rglob("*")):
        if path.is_file():
            student, _, *inside = path.relative_to(root).parts
            found.setdefault(student, {})["/".join(inside)] = path.read_bytes()
    return found


def notebooks(course: Path) -> dict[str, str]:
    return {who: files["toy.ipynb"].decode() for who, files in submitted(course).items()}


def everything(course: Path) -> dict[str, bytes]:
    """Return all files below the course's folder that collecting may write, databases aside."""
    places = [course / "submitted", course / "collected"]
    paths = [path for place in places for path in place.rglob("*") if path.is_file()]
    return {str(path.relative_to(course)): path.read_bytes() for path in sorted(paths)}


def kept(course: Path, student: str) -> list[dict[str, bytes]]:
    """Return the files of each attempt of a student, the first first."""
    attempts = sorted((course / "collected" / NAME / student).iterdir())
    return [
        {
            str(path.relative_to(attempt / "files")): path.read_bytes()
            for path in sorted((attempt / "files").rglob("*"))
            if path.is_file()
        }
        for attempt in attempts
    ]


def canvas(course: Path, files: lms.Files | None = None) -> Path:
    usual = {
        "lovelaceada_101_900_toy.ipynb": WRONG,
        "lovelaceada_101_901_model.safetensors": b"weights",
        "lovelaceada_101_905_toy-1.ipynb": RIGHT,
        "müllerjörg_LATE_102_910_toy.ipynb": RIGHT,
    }
    return lms.write_zip(course / "submissions.zip", files or usual)


def moodle(course: Path, *, folders: bool) -> Path:
    end = "_/" if folders else "_"
    files = {
        f"Ada Lovelace_2001_assignsubmission_file{end}toy.ipynb": RIGHT,
        f"Ada Lovelace_2001_assignsubmission_file{end}model (1).safetensors": b"weights",
        f"Gruppe 1-Jörg Müller_2002_assignsubmission_file{end}toy (2).ipynb": WRONG,
        f"Gruppe 1-Jörg Müller_2002_assignsubmission_onlinetext{end}onlinetext.html": "<p>late",
    }
    return lms.write_zip(course / "moodle.zip", files)


# What platforms give out


def test_canvas(course: Path) -> None:
    found = collected(course, canvas(course), roster=lms.CANVAS)
    assert found.plan.downloads[0].kind == "Canvas' download of submissions"
    assert notebooks(course) == {"ada": RIGHT, "joerg": RIGHT}
    assert submitted(course)["ada"]["model.safetensors"] == b"weights"
    assert [attempt["toy.ipynb"].decode() for attempt in kept(course, "ada")[:1]] == [WRONG]
    assert found.students["ada"].number == 2
    assert found.students["joerg"].counts.late
    assert [person.id for person in found.plan.missing] == ["bob"]
    assert not found.unknown
    assert "timestamp.txt" not in submitted(course)["ada"]  # Canvas has told no time


def test_canvas_numbers_say_what_is_later_whatever_an_archives_clock_says(course: Path) -> None:
    # an archive is written in any order; the one with the greater number was uploaded later
    files = {"lovelaceada_101_905_toy-1.ipynb": RIGHT, "lovelaceada_101_900_toy.ipynb": WRONG}
    collected(course, canvas(course, files), roster=lms.CANVAS)
    assert notebooks(course) == {"ada": RIGHT}


def test_canvas_with_text_entries_and_anonymous_marking(course: Path) -> None:
    files = {
        "lovelaceada_101_text.html": "<p>My notebook is broken.",
        "anon_x1Yz2_911_toy.ipynb": RIGHT,
        "LATE_anon_x9_912_toy.ipynb": WRONG,
    }
    found = collected(course, canvas(course, files), roster=lms.CANVAS)
    assert list(submitted(course)) == ["ada"]
    labels = {unknown.label: unknown.folder for unknown in found.unknown}
    assert sorted(labels) == ["anon_x1Yz2", "anon_x9"]
    assert [p.read_text() for p in labels["anon_x1Yz2"].rglob("toy.ipynb")] == [RIGHT]


@pytest.mark.parametrize("folders", [True, False])
def test_moodle(course: Path, folders: bool) -> None:
    found = collected(course, moodle(course, folders=folders), roster=lms.MOODLE)
    assert found.plan.downloads[0].kind == "Moodle's download of all submissions"
    # Moodle's worksheet has no login, so that addresses are what people are called by
    assert notebooks(course) == {"ada@uni.example": RIGHT, "joerg@uni.example": WRONG}
    assert "onlinetext.html" in submitted(course)["joerg@uni.example"]
    time, _ = read_timestamp(course / "submitted" / "ada@uni.example" / NAME)
    assert time == datetime(2026, 11, 20, 23, 5)
    assert [person.id for person in found.plan.missing] == ["bob@uni.example"]


def test_moodle_with_anonymous_marking(course: Path) -> None:
    files = {"Participant_2003_assignsubmission_file_/toy.ipynb": RIGHT}
    collected(course, lms.write_zip(course / "m.zip", files), roster=lms.MOODLE)
    assert notebooks(course) == {"bob@uni.example": RIGHT}


def test_an_archive_that_somebody_has_unpacked(course: Path) -> None:
    name = "Ada Lovelace_2001_assignsubmission_file_"
    folder = lms.put(course / "down", {f"Toy-77/{name}/toy.ipynb": RIGHT})
    collected(course, folder, roster=lms.MOODLE)
    assert notebooks(course) == {"ada@uni.example": RIGHT}


GRADESCOPE = """\
submission_31:
  :submitters:
  - :name: Ada Lovelace
    :sid: ada
    :email: ada@uni.example
  - :name: Bob O'Neil
    :sid: ''
    :email: bob@uni.example
  :created_at: 2026-11-20 22:05:00.123456000 Z
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    score: 0
submission_32:
  :submitters:
  - :name: Jörg Müller
    :email: joerg@uni.example
  :created_at: 2026-11-21 08:00:00 Z
"""


def test_gradescope_with_a_group(course: Path) -> None:
    files = {
        "assignment_9_export/submission_metadata.yml": GRADESCOPE,
        "assignment_9_export/submission_31/toy.ipynb": RIGHT,
        "assignment_9_export/submission_32/toy.ipynb": WRONG,
        "assignment_9_export/submission_33/toy.ipynb": RIGHT,
    }
    found = collected(course, lms.write_zip(course / "g.zip", files), roster=lms.NBGRADER)
    assert notebooks(course) == {"ada": RIGHT, "bob": RIGHT, "joerg": WRONG}
    time, _ = read_timestamp(course / "submitted" / "ada" / NAME)
    assert time == datetime(2026, 11, 20, 22, 5, 0, 123456)
    assert [unknown.label for unknown in found.unknown] == ["submission_33"]


def test_gradescopes_metadata_that_cannot_be_read_are_named(course: Path) -> None:
    files = {"submission_metadata.yml": "a: [", "submission_31/toy.ipynb": RIGHT}
    path = lms.write_zip(course / "g.zip", files)
    with pytest.raises(GradingError, match=r"Expected submission_metadata\.yml of g as .* Export"):
        collected(course, path, roster=lms.NBGRADER)


def test_nbgraders_exchange(course: Path) -> None:
    ada, other = f"ada+{NAME}+2026-11-2", "bob+another+2026-11-20 10:00:00.5 UTC"
    files = {
        f"inbound/{ada}0 10:00:00.123 UTC+cjb4b2==/toy.ipynb": WRONG,
        f"inbound/{ada}1 10:00:00.123 UTC+cjb4b2==/toy.ipynb": RIGHT,
        f"inbound/{ada}1 10:00:00.123 UTC+cjb4b2==/timestamp.txt": "2026-11-21 10:00:00.123 UTC",
        f"inbound/{ada}1 10:00:00.123 UTC+cjb4b2==/submission_secret.txt": "s",
        f"inbound/{other}/toy.ipynb": WRONG,
        "outbound/toy/toy.ipynb": WRONG,
    }
    found = collected(course, lms.put(course / "exchange", files), roster=lms.NBGRADER)
    assert notebooks(course) == {"ada": RIGHT}
    assert sorted(submitted(course)["ada"]) == ["timestamp.txt", "toy.ipynb"]
    assert found.students["ada"].counts.when == datetime(2026, 11, 21, 10, 0, 0, 123_000, UTC)


def clone(folder: Path, commits: Sequence[tuple[int, lms.Files]]) -> None:
    """Make a repository with a commit at each time, in seconds since 1970."""
    from dulwich import porcelain

    folder.mkdir(parents=True)
    repository = porcelain.init(str(folder))
    for at, files in commits:
        lms.put(folder, files)
        paths = [str(folder / name) for name in files]
        porcelain.add(repository, paths=paths)
        who = b"A <a@uni.example>"
        porcelain.commit(
            repository,
            message=b"Hand in",
            author=who,
            committer=who,
            commit_timestamp=at,
            author_timestamp=at,
            commit_timezone=0,
            author_timezone=0,
        )
    repository.close()


FRIDAY, SATURDAY = 1795212000, 1795298400  # 2026-11-20 and 21, 22:00 UTC


def test_a_git_classroom(course: Path) -> None:
    folder = course / "clones"
    clone(
        folder / f"{NAME}-ada", [(FRIDAY, {"toy.ipynb": WRONG}), (SATURDAY, {"toy.ipynb": RIGHT})]
    )
    clone(folder / f"{NAME}-joerg", [(FRIDAY, {f"{NAME}/toy.ipynb": RIGHT, "README.md": "x"})])
    (folder / "toy-bob" / ".git").mkdir(parents=True)
    # what is not committed has not been handed in
    (folder / f"{NAME}-ada" / "toy.ipynb").write_text("mine")
    found = collected(course, folder, roster=lms.NBGRADER)
    assert notebooks(course) == {"ada": RIGHT, "joerg": RIGHT}
    assert list(submitted(course)["joerg"]) == ["timestamp.txt", "toy.ipynb"]
    assert found.students["ada"].counts.when == datetime.fromtimestamp(SATURDAY, UTC)
    (said,) = found.plan.downloads[0].remarks
    assert said.startswith("'toy-bob' cannot be read as a clone (")
    assert said.endswith("Clone it again.")


def test_a_git_classroom_before_a_deadline(course: Path) -> None:
    folder = course / "clones"
    clone(folder / "ada", [(FRIDAY, {"toy.ipynb": WRONG}), (SATURDAY, {"toy.ipynb": RIGHT})])
    collected(course, folder, roster=lms.NBGRADER, deadline="2026-11-20 23:59")
    assert notebooks(course) == {"ada": WRONG}
    assert len(kept(course, "ada")) == 2


def test_a_zip_a_student_a_folder_a_student_and_files(course: Path) -> None:
    folder = lms.put(
        course / "mails",
        {
            "Lovelace_Ada.zip": lms.zipped({"work/toy.ipynb": RIGHT, "work/helper.py": "x = 1"}),
            "Jörg Müller/toy.ipynb": WRONG,
            "toy_bob.ipynb": RIGHT,
            ".DS_Store": b"junk",
        },
    )
    found = collected(course, folder, roster=lms.NBGRADER)
    assert found.plan.downloads[0].kind == "what is named after students"
    assert notebooks(course) == {"ada": RIGHT, "joerg": WRONG, "bob": RIGHT}
    assert submitted(course)["ada"]["helper.py"] == b"x = 1"


def test_one_students_archive_and_one_students_file(course: Path) -> None:
    ada = lms.write_zip(course / "ada.zip", {"toy.ipynb": RIGHT, "__MACOSX/._toy.ipynb": b"junk"})
    bob = course / "bob - toy (1).ipynb"
    bob.write_text(WRONG)
    collected(course, ada, bob, roster=lms.NBGRADER)
    assert notebooks(course) == {"ada": RIGHT, "bob": WRONG}
    assert list(submitted(course)["ada"]) == ["toy.ipynb"]


MAIL = """\
Received: from mx.uni.example by in.uni.example; Fri, 20 Nov 2026 23:30:00 +0100
From: =?utf-8?q?J=C3=B6rg_M=C3=BCller?= <joerg@uni.example>
Date: Mon, 1 Jan 2024 00:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

Here it is.
--b
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="../../toy.ipynb"

{notebook}
--b--
"""


def test_a_saved_mail(course: Path) -> None:
    folder = lms.put(course / "mails", {"Fwd toy.eml": MAIL.replace("{notebook}", RIGHT)})
    found = collected(course, folder, roster=lms.NBGRADER)
    assert notebooks(course)["joerg"].strip() == RIGHT.strip()
    # the server's time, not the one that the sender's clock had
    assert found.students["joerg"].counts.when == datetime(2026, 11, 20, 22, 30, tzinfo=UTC)


def test_several_downloads_at_once(course: Path) -> None:
    first = lms.write_zip(course / "a.zip", {"lovelaceada_101_900_toy.ipynb": RIGHT})
    second = lms.write_zip(course / "bob.zip", {"toy.ipynb": WRONG})
    found = collected(course, first, second, roster=lms.CANVAS)
    kinds = [download.kind for download in found.plan.downloads]
    assert kinds == ["Canvas' download of submissions", "what is named after students"]
    assert notebooks(course) == {"ada": RIGHT, "bob": WRONG}


def test_clones_among_other_folders(course: Path) -> None:
    folder = lms.put(course / "mixed", {"joerg/toy.ipynb": WRONG})
    clone(folder / "ada", [(FRIDAY, {"toy.ipynb": RIGHT})])
    collected(course, folder, roster=lms.NBGRADER)
    assert notebooks(course) == {"ada": RIGHT, "joerg": WRONG}


def test_nobody_hands_in_for_somebody_else_by_what_an_archive_seems_to_be(course: Path) -> None:
    metadata = "s1:\n  :submitters:\n  - :sid: bob\n  :created_at: 2030-01-01 00:00:00 Z\n"
    forged = {
        "canvas": {"oneilbobob_103_99999_toy.ipynb": WRONG},
        "moodle": {"Bob O'Neil_2003_assignsubmission_file_/toy.ipynb": WRONG},
        "gradescope": {"submission_metadata.yml": metadata, "s1/toy.ipynb": WRONG},
        "exchange": {f"bob+{NAME}+2030-01-01 00:00:00 UTC/toy.ipynb": WRONG},
    }
    for platform, files in forged.items():
        folder = course / platform
        folder.mkdir()
        ada = lms.write_zip(folder / "ada.zip", files)
        for path in (ada, folder):  # named by itself, and with the others' around it
            found = collected(course, path, roster=lms.NBGRADER)
            assert list(found.students) == ["ada"], platform
            assert not found.unknown


# What counts, and what is kept


def test_a_second_run_changes_nothing(course: Path) -> None:
    paths = canvas(course), lms.put(course / "mails", {"bob/toy.ipynb": RIGHT})
    collected(course, *paths, roster=lms.CANVAS)
    before = everything(course)
    again = collected(course, *paths)
    assert {placed.status for placed in again.students.values()} == {"unchanged"}
    assert again.enrolled == []
    assert everything(course) == before


def test_a_dry_run_says_the_same_and_writes_nothing(course: Path) -> None:
    before = sorted(course.rglob("*"))
    path = canvas(course)
    dry = collected(course, path, roster=lms.CANVAS, dry_run=True)
    assert sorted(course.rglob("*")) == sorted([*before, path, course / "students.csv"])
    wet = collected(course, path)
    assert dry.students == wet.students
    assert (dry.unknown, dry.said) == (wet.unknown, wet.said)


def test_what_is_handed_in_again_replaces_and_nothing_is_lost(course: Path) -> None:
    first = lms.put(course / "first", {"ada.ipynb": WRONG})
    second = lms.put(course / "second", {"ada.ipynb": RIGHT})
    os.utime(first / "ada.ipynb", (FRIDAY, FRIDAY))
    os.utime(second / "ada.ipynb", (SATURDAY, SATURDAY))
    for folder in (first, second, first):  # in whatever order they come
        collected(course, folder, roster=lms.NBGRADER)
    assert notebooks(course) == {"ada": RIGHT}
    assert [attempt["toy.ipynb"].decode() for attempt in kept(course, "ada")] == [WRONG, RIGHT]
    assert [path.name for path in (course / "submitted" / "ada").iterdir()] == [NAME]


def test_what_somebody_has_mended_by_hand_stays_until_something_later_comes(course: Path) -> None:
    exchange = course / "inbound"
    lms.put(exchange / f"ada+{NAME}+2026-11-20 10:00:00.0 UTC", {"toy.ipynb": WRONG})
    collected(course, exchange, roster=lms.NBGRADER)
    (course / "submitted" / "ada" / NAME / "toy.ipynb").write_text("mended")
    found = collected(course, exchange)
    assert found.students["ada"].status == "left"
    assert notebooks(course) == {"ada": "mended"}
    lms.put(exchange / f"ada+{NAME}+2026-11-22 10:00:00.0 UTC", {"toy.ipynb": RIGHT})
    found = collected(course, exchange)
    assert found.students["ada"].status == "placed"
    assert notebooks(course) == {"ada": RIGHT}
    assert b"mended" in [attempt["toy.ipynb"] for attempt in kept(course, "ada")]
    assert collected(course, exchange).students["ada"].status == "unchanged"


def test_what_lay_there_before_is_kept(course: Path) -> None:
    folder = hand_in(course, "ada", toy_ipynb="older", notes=b"mine")
    (folder / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC")
    exchange = course / "inbound"
    lms.put(exchange / f"ada+{NAME}+2026-11-20 10:00:00.0 UTC", {"toy.ipynb": RIGHT})
    collected(course, exchange, roster=lms.NBGRADER)
    assert notebooks(course) == {"ada": RIGHT}
    assert {"toy.ipynb": b"older", "notes": b"mine"}.items() <= kept(course, "ada")[0].items()


def test_a_time_that_becomes_known_later_is_written_down(course: Path) -> None:
    path = moodle(course, folders=True)
    people = lms.MOODLE.replace('"Friday, 20 November 2026, 11:05 PM"', "-")
    collected(course, path, roster=people)
    folder = course / "submitted" / "ada@uni.example" / NAME
    assert read_timestamp(folder) == (None, "")
    found = collected(course, path, roster=lms.MOODLE)
    assert found.students["ada@uni.example"].status == "unchanged"
    assert read_timestamp(folder)[0] == datetime(2026, 11, 20, 23, 5)
    (folder / "timestamp.txt").write_text("2026-11-20 20:00:00 UTC")  # excused, by hand
    collected(course, path)
    assert read_timestamp(folder)[0] == datetime(2026, 11, 20, 20, 0)


def test_a_students_own_timestamp_says_nothing(course: Path) -> None:
    files = {"toy.ipynb": RIGHT, "timestamp.txt": "2020-01-01 00:00:00 UTC"}
    collected(course, lms.write_zip(course / "ada.zip", files), roster=lms.NBGRADER)
    assert list(submitted(course)["ada"]) == ["toy.ipynb"]
    assert "timestamp.txt" in kept(course, "ada")[0]


def test_late_as_canvas_says_is_after_a_deadline_only_if_there_is_something_else(
    course: Path,
) -> None:
    first = lms.write_zip(course / "1.zip", {"lovelaceada_101_900_toy.ipynb": WRONG})
    second = lms.write_zip(course / "2.zip", {"lovelaceada_LATE_101_950_toy-1.ipynb": RIGHT})
    third = lms.write_zip(course / "3.zip", {"müllerjörg_LATE_102_951_toy.ipynb": RIGHT})
    paths = (first, second, third)
    collected(course, *paths, roster=lms.CANVAS, deadline="2026-11-20 23:59")
    assert notebooks(course) == {"ada": WRONG, "joerg": RIGHT}


def test_people_go_into_the_gradebook_and_nothing_known_is_wiped_out(course: Path) -> None:
    with Course(course).open_gradebook() as gradebook:
        gradebook.add_student("bob", email="bob@home.example", first_name="Robert")
    found = collected(course, canvas(course), roster=lms.CANVAS)
    assert found.enrolled == ["ada", "joerg", "bob"]
    with Course(course).open_gradebook() as gradebook:
        ada, bob = gradebook.find_student("ada"), gradebook.find_student("bob")
        assert (ada.first_name, ada.last_name, ada.lms_user_id) == ("Ada", "Lovelace", "101")
        assert (bob.first_name, bob.last_name) == ("Bob", 'O\'Neil "Bo"')
        assert (bob.email, bob.lms_user_id) == ("bob@home.example", "103")
        assert len(gradebook.students) == 3


def test_whoever_has_an_id_keeps_it_when_another_table_has_only_addresses(course: Path) -> None:
    mails = lms.put(course / "mails", {"ada/toy.ipynb": WRONG, "bob/toy.ipynb": RIGHT})
    os.utime(mails / "ada" / "toy.ipynb", (0, 0))
    collected(course, mails, roster=lms.NBGRADER)
    found = collected(course, moodle(course, folders=True), roster=lms.MOODLE)
    assert sorted(found.students) == ["ada", "joerg"]
    assert notebooks(course) == {"ada": RIGHT, "bob": RIGHT, "joerg": WRONG}
    assert [person.id for person in found.plan.missing] == []
    with Course(course).open_gradebook() as gradebook:
        assert sorted(student.id for student in gradebook.students) == ["ada", "bob", "joerg"]


def test_who_shares_an_address_keeps_an_id_of_their_own(course: Path) -> None:
    with Course(course).open_gradebook() as gradebook:
        gradebook.add_student("lab", email="lab@uni.example")
    people = "id,email\nada,lab@uni.example\nbob,lab@uni.example\n"
    mails = lms.put(course / "mails", {"ada/toy.ipynb": RIGHT, "bob/toy.ipynb": WRONG})
    collected(course, mails, roster=people)
    assert notebooks(course) == {"ada": RIGHT, "bob": WRONG}


def test_a_dry_run_makes_no_gradebook(course: Path) -> None:
    (course / "gradebook.db").unlink()
    collected(course, canvas(course), roster=lms.CANVAS, dry_run=True)
    assert not (course / "gradebook.db").exists()


def test_a_download_of_another_coursework_is_said(course: Path) -> None:
    other = nbformat.writes(nbformat.v4.new_notebook())
    files = {"lovelaceada_101_900_toy.ipynb": other, "müllerjörg_102_901_toy.ipynb": RIGHT}
    found = collected(course, canvas(course, files), roster=lms.CANVAS)
    assert found.said["ada"] == ["No notebook that came answers a question of toy."]
    assert found.said["joerg"] == []


def test_moodles_anonymous_numbers_need_its_worksheet(course: Path) -> None:
    files = {"Participant_2003_assignsubmission_file_/toy.ipynb": RIGHT}
    found = collected(course, lms.write_zip(course / "m.zip", files), roster=lms.NBGRADER)
    (unknown,) = found.unknown
    assert unknown.why == (
        "Participant (2003) is nobody on the roster, which is not the grading worksheet that has "
        "Moodle's numbers"
    )


def test_without_a_roster_people_are_called_as_the_files_say(course: Path) -> None:
    files = {
        "lovelaceada_101_900_toy.ipynb": RIGHT,
        "müllerjörg_102_910_toy.ipynb": RIGHT,
        "müllerjörg_103_911_toy.ipynb": WRONG,
    }
    found = collected(course, canvas(course, files))
    assert notebooks(course) == {"lovelaceada": RIGHT}
    assert [unknown.why for unknown in found.unknown] == [
        "müllerjörg (102) has the name of somebody else",
        "müllerjörg (103) has the name of somebody else",
    ]


def test_a_browsers_names_are_given_back_in_submitted(course: Path) -> None:
    released = course / "assignments" / NAME / "toy.ipynb"
    notebook = toy.notebook()
    notebook.cells.append(new_markdown_cell("Hand in `speech_model.safetensors`, too."))
    nbformat.write(notebook, released)
    files = {"toy (1).ipynb": RIGHT, "speech_model (1).safetensors": b"1"}
    collected(course, lms.write_zip(course / "ada.zip", files), roster=lms.NBGRADER)
    assert sorted(submitted(course)["ada"]) == ["speech_model.safetensors", "toy.ipynb"]
    assert sorted(kept(course, "ada")[0]) == sorted(files)


# Runs that are stopped


class Stopped(BaseException):
    """A run is killed."""


class Stopping:
    """Lets so many calls of a function pass, and stops the run at the next."""

    def __init__(self, function: Callable, number: int) -> None:
        self._function, self.left = function, number

    def __call__(self, *arguments: object) -> object:
        if self.left == 0:
            raise Stopped
        self.left -= 1
        return self._function(*arguments)


def two_attempts_and_one_by_hand(course: Path) -> Path:
    exchange = course / "inbound"
    lms.put(exchange / f"ada+{NAME}+2026-11-20 10:00:00.0 UTC", {"toy.ipynb": WRONG})
    lms.put(exchange / f"bob+{NAME}+2026-11-20 10:00:00.0 UTC", {"toy.ipynb": WRONG})
    collected(course, exchange, roster=lms.NBGRADER)
    (course / "submitted" / "ada" / NAME / "toy.ipynb").write_text("mended")
    lms.put(exchange / f"ada+{NAME}+2026-11-22 10:00:00.0 UTC", {"toy.ipynb": RIGHT})
    lms.put(exchange / f"bob+{NAME}+2026-11-22 10:00:00.0 UTC", {"toy.ipynb": RIGHT})
    return exchange


def test_a_run_that_is_stopped_anywhere_is_continued(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_attempts_and_one_by_hand(course)
    for number in count():
        copy = Path(shutil.copytree(course, tmp_path / str(number)))
        stopping, stopped = Stopping(os.replace, number), False
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", stopping)
            patch.setattr(os, "rename", stopping)  # which moves a folder
            try:
                collected(copy, copy / "inbound")
            except Stopped:
                stopped = True
        collected(copy, copy / "inbound")
        assert notebooks(copy) == {"ada": RIGHT, "bob": RIGHT}
        attempts = sorted(attempt["toy.ipynb"] for attempt in kept(copy, "ada"))
        assert attempts == sorted([WRONG.encode(), RIGHT.encode(), b"mended"])
        assert len(kept(copy, "bob")) == 2
        for mark in (".writing-*", ".replaced-*"):
            assert not list(copy.rglob(mark))
        if not stopped:
            break
    assert number > 8


def test_a_full_disk_is_said_in_a_sentence_and_the_next_run_goes_on(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = two_attempts_and_one_by_hand(course)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "toy.ipynb")

    with monkeypatch.context() as patch:
        patch.setattr("rnn_course.grading.intake.placing.write_files", full)
        with pytest.raises(
            GradingError, match=r"Got No space left on device \(toy\.ipynb\)\. Mend"
        ):
            collected(course, exchange)
    assert notebooks(course) == {"ada": "mended", "bob": WRONG}
    collected(course, exchange)
    assert notebooks(course) == {"ada": RIGHT, "bob": RIGHT}


# What is said


def said(course: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["collect", NAME, *words, "--root", str(course)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_the_command_says_what_it_found_first_and_what_is_left_to_do(course: Path) -> None:
    (course / "people.csv").write_text(lms.CANVAS)
    path = canvas(
        course,
        {
            "lovelaceada_101_900_toy.ipynb": WRONG,
            "lovelaceada_101_905_toy-1.ipynb": RIGHT,
            "müllerjörg_LATE_102_910_toy.ipynb": RIGHT,
            "strangereve_555_911_toy.ipynb": RIGHT,
        },
    )
    words = (str(path), "--roster", str(course / "people.csv"))
    code, output = said(course, *words, "--dry-run")
    assert code == 1
    assert "Nothing is written, for this is a dry run." in output
    assert "2 to be placed, 0 unchanged, 1 missing, 1 unknown" in output
    code, output = said(course, *words)
    assert code == 1
    lines = output.splitlines()
    assert lines[0] == f"{path}: Canvas' download of submissions, of 3 students"
    assert lines[1] == "Roster: 3 students"
    assert "Handed in more than once: ada (2)" in lines
    assert "Late, as the platform says: joerg" in lines
    assert 'Missing, 1 of 3: bob (Bob O\'Neil "Bo")' in lines
    folder = course / "collected" / f"{NAME}.unknown" / "strangereve (555)"
    assert f"Unknown: strangereve (555) is nobody on the roster. Kept in {folder}" in lines
    assert lines[-2] == "2 placed in submitted/, 0 unchanged, 1 missing, 1 unknown"
    assert lines[-1] == f"Next: rnn-course autograde {NAME}"
    # whoever turns out to be known after all is collected by the same words
    with (course / "people.csv").open("a") as file:
        file.write('"Stranger, Eve",555,S9,eve,Group 2,,\n')
    code, output = said(course, *words)
    assert code == 0
    assert notebooks(course)["eve"] == RIGHT
