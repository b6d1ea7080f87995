"""Feedback goes back: as pages, in folders, to Moodle, to Canvas, through nbgrader's exchange."""

import csv
import io
import re
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import toy
from conftest import NAME, hand_in
from test_feedback import Page

from rnn_course.errors import GradingError
from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.classroom.commands import feedback_told
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.formulas import to_mathml
from rnn_course.grading.gradebook.rendered_markdown import rendered

behind_the_wall = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
WRONG = "def double(x):\n    print('hello')\n    return 3 * x\n\ndouble(2)"
ESSAY = "Since $\\frac{a}{b} < 2$ and\n\n$$\\sum_t h_t$$\n\n![](attachment:p.png)"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def submission(double: str = toy.DOUBLE) -> str:
    book = toy.notebook(double, toy.SQUARE, toy.EIGHTH, ESSAY)
    book.cells[-1].attachments = {"p.png": {"image/png": PIXEL}}
    return nbformat.writes(book)


@pytest.fixture
def graded(course: Path, in_process: None) -> Path:
    """Ada Lovelace and Bob Müller, graded; Bob's essay has marks and a comment."""
    hand_in(course, "ada", toy_ipynb=submission())
    hand_in(course, "bob", toy_ipynb=submission(WRONG))
    autograde(course, NAME, Settings())
    with Course(course).open_gradebook() as gradebook:
        about = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@uni.example"}
        gradebook.update_or_create_student("ada", **about, lms_user_id="7001")
        gradebook.update_or_create_student("bob", first_name="Bob", last_name="Müller")
        grade = gradebook.find_grade("essay", "toy", NAME, "bob")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.find_comment("essay", "toy", NAME, "bob").manual_comment = "Why $a<b$?"
        gradebook.db.commit()
    return course


def page(root: Path, student: str) -> str:
    return (root / "feedback" / student / NAME / "toy.html").read_text()


@pytest.mark.slow
@behind_the_wall
def test_the_page_shows_what_was_found_beside_the_code(graded: Path, capsys) -> None:
    assert not feedback_told(graded, NAME, "pages", None, ()).problems
    assert "Feedback for 2, 0 without" in capsys.readouterr().out
    text = page(graded, "bob")
    assert "<strong>9.5 of 14 points</strong>" in text
    assert '<a href="#question-double">Double</a></th><td>✗ no points</td>' in text
    section = text[text.index('<h2 id="question-double">') : text.index('<h2 id="question-square"')]
    assert '<span class="k">def</span>' in section
    assert "hello" in section
    assert section.index("Your answer") < section.index("What was found") < section.index("off by")
    assert "<h3>Comment</h3><p>Why <math" in text
    assert text.count("<math") == 3
    assert "✗ no points</td>" in text
    assert "not marked yet" not in text
    assert "<td>… not marked yet</td>" in page(graded, "ada")
    assert "12 of 14 points</strong>; not marked yet: 1</p>" in page(graded, "ada")
    assert '<math display="block" alttext="\\sum_t h_t">' in text
    alts = re.findall(r'<img [^>]*alt="([^"]*)"', text)
    assert alts == ["Picture in the answer to essay, without a description"]


@pytest.mark.slow
@behind_the_wall
def test_the_page_needs_no_network_and_is_small(graded: Path) -> None:
    feedback_told(graded, NAME, "pages", None, ())
    text = page(graded, "bob")
    seen = Page(text)
    assert not seen.active
    assert "<script" not in text
    assert all(link.startswith("#") or link == "data" for link in seen.links)
    assert "default-src 'none'" in text
    assert len(text) < 30_000


# nbgrader's own command does the same
@pytest.mark.slow
@behind_the_wall
def test_nbgrader_makes_the_same_page(graded: Path) -> None:
    feedback_told(graded, NAME, "pages", None, ())
    ours = page(graded, "bob")
    assert Course(graded)._api.generate_feedback(NAME, "bob", force=True)["success"]
    assert page(graded, "bob") == ours


@pytest.mark.slow
@behind_the_wall
def test_what_changed_since_last_time_is_told_until_it_changes_again(graded: Path) -> None:
    feedback_told(graded, NAME, "folders", None, ())
    assert "What changed" not in page(graded, "bob")
    hand_in(graded, "bob", toy_ipynb=submission())
    autograde(graded, NAME, Settings())
    for to in ("pages", "folders", "pages"):  # whoever has read it may read it again
        feedback_told(graded, NAME, to, None, ())
        text = page(graded, "bob")
        row = (
            '<tr><th scope="row">Double</th><td class="number">0</td><td class="number">4</td>'
            "<td>another submission was handed in</td></tr>"
        )
        assert row in text
        assert "What changed" not in page(graded, "ada")
    with Course(graded).open_gradebook() as gradebook:
        gradebook.find_grade("essay", "toy", NAME, "bob").manual_score = 2
        gradebook.db.commit()
    feedback_told(graded, NAME, "pages", None, ())
    assert "<td>a person marked it</td>" in page(graded, "bob")
    assert row not in page(graded, "bob")


@pytest.mark.slow
@behind_the_wall
def test_a_page_that_cannot_be_made_is_one_sentence_and_stops_nobody(graded: Path, capsys) -> None:
    (graded / "autograded" / "bob" / NAME / "toy.ipynb").write_text("{")
    done = feedback_told(graded, NAME, "folders", None, ())
    assert done.students == ["ada"]
    (said,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("bob")]
    assert said.startswith("bob: NO FEEDBACK. nbgrader could not make the page: ")
    assert said.endswith("For more: nbgrader generate_feedback toy --student bob --force")
    assert not (done.package / "bob").exists()
    with pytest.raises(GradingError, match=r"for somebody\. Got none: nbgrader could not"):
        feedback_told(graded, NAME, "folders", None, ("bob",))


@pytest.mark.slow
@behind_the_wall
def test_folders_for_a_mail_merge_never_overwrite(graded: Path, capsys) -> None:
    first = feedback_told(graded, NAME, "folders", None, ()).package
    second = feedback_told(graded, NAME, "folders", None, ("ada",)).package
    assert first == graded / "returned" / "toy-folders"
    assert second == graded / "returned" / "toy-folders-2"
    assert (first / "bob" / "toy.html").read_text() == page(graded, "bob")
    rows = list(csv.reader(io.StringIO((first / "mail_merge.csv").read_text("utf-8-sig"))))
    assert rows[0] == ["student", "first_name", "last_name", "email", "points", "of", "file"]
    assert rows[1] == ["ada", "Ada", "Lovelace", "ada@uni.example", "12", "14", "ada/toy.html"]
    assert [path.name for path in second.iterdir() if path.is_dir()] == ["ada"]
    assert f"{second} has a folder a student" in capsys.readouterr().out


def archive(file: Path, names: list[str]) -> Path:
    with zipfile.ZipFile(file, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return file


def moodle_takes(name: str) -> tuple[str, str] | None:
    """Read a name as Moodle's importer does: whose it is, and the file's name for the student."""
    parts = name.split("_", 4)
    if len(parts) < 5 or not parts[1].isdigit() or parts[2:4] != ["assignsubmission", "file"]:
        return None
    return parts[1], parts[4]


MOODLE = [
    "Ada Lovelace_501_assignsubmission_file_/toy.ipynb",
    "BOB MÜLLER_502_assignsubmission_file_toy.ipynb",
    "Cyd X_503_assignsubmission_file_/toy.ipynb",
]
WORKSHEET = (
    "\ufeffBezeichner;Vollständiger Name;E-Mail-Adresse;Status;Bewertung\r\n"
    "Teilnehmer/in501;Lovelace, A.;ada@uni.example;Abgegeben;\r\n"
    "Teilnehmer/in502;Bob_/Müller;bm@uni.example;Abgegeben;\r\n"
)


@pytest.mark.slow
@behind_the_wall
@pytest.mark.parametrize("kind", ["zip", "worksheet"])
def test_moodle_takes_every_file(graded: Path, tmp_path: Path, kind: str, capsys) -> None:
    names = archive(tmp_path / "all.zip", MOODLE)
    if kind == "worksheet":
        names = tmp_path / "grades.csv"
        names.write_text(WORKSHEET, "utf-8", newline="")
    done = feedback_told(graded, NAME, "moodle", names, ())
    with zipfile.ZipFile(done.package) as packed:
        took = {moodle_takes(name): packed.read(name).decode() for name in packed.namelist()}
    assert set(took) == {("501", "toy.html"), ("502", "toy.html")}
    assert took["502", "toy.html"] == page(graded, "bob")
    said = capsys.readouterr().out
    assert ("There, and without marks here: Cyd X" in said) == (kind == "zip")
    assert "choose Upload multiple feedback files in a zip" in said


def canvas_takes(name: str) -> tuple[str, ...]:
    """Read a name as Canvas does: the first two parts that are numbers, a user and a file."""
    return tuple([part for part in name.split("_") if part.isdigit()][:2])


@pytest.mark.slow
@behind_the_wall
def test_canvas_takes_every_file_under_the_name_it_gave(graded: Path, tmp_path: Path) -> None:
    given = ["lovelaceada_7001_9001_toy-1.ipynb", "lovelaceada_7001_9002_notes.txt"]
    given += ["mullerbob_LATE_7002_9003_work.zip"]
    found = [given[0], given[1], f"../up/{given[2]}"]
    done = feedback_told(graded, NAME, "canvas", archive(tmp_path / "all.zip", found), ())
    with zipfile.ZipFile(done.package) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert set(files) == {given[0], given[2]}
    assert {canvas_takes(name) for name in files} == {("7001", "9001"), ("7002", "9003")}
    back = nbformat.reads(files[given[0]].decode(), as_version=4)
    nbformat.validate(back)
    assert back.cells[0].source.startswith("# Feedback: 12 of 14 points")
    with zipfile.ZipFile(io.BytesIO(files[given[2]])) as inner:
        assert sorted(inner.namelist()) == ["toy.html", "toy.ipynb"]
        bobs = nbformat.reads(inner.read("toy.ipynb").decode(), as_version=4)
    assert bobs.cells[-1].source == "**Comment:** Why $a<b$?\n\n**Points:** 1.5 of 2"


@pytest.mark.slow
@behind_the_wall
def test_who_cannot_be_told_apart_is_named_and_the_others_are_served(
    graded: Path, tmp_path: Path, capsys
) -> None:
    names = ["Ada Lovelace_501_assignsubmission_file_a", "Bob Muller_502_assignsubmission_file_a"]
    names += ["bob müller_503_assignsubmission_file_a"]
    done = feedback_told(graded, NAME, "moodle", archive(tmp_path / "all.zip", names), ())
    assert done.students == ["ada"]
    said = capsys.readouterr().out
    assert "bob: NO FEEDBACK. 2 people there fit: Bob Muller, bob müller" in said
    assert "Feedback for 1, 1 without" in said


@pytest.mark.slow
@behind_the_wall
def test_what_is_of_another_course_is_told_and_nothing_is_written(
    graded: Path, tmp_path: Path
) -> None:
    other = archive(tmp_path / "other.zip", ["Eve X_9_assignsubmission_file_a"])
    with pytest.raises(GradingError, match=r"Got none of 2: nobody there has this name.*roster"):
        feedback_told(graded, NAME, "moodle", other, ())
    (tmp_path / "x.csv").write_text("a,b\n1")
    for to, file in {"moodle": "x.csv", "canvas": "other.zip"}.items():
        with pytest.raises(GradingError, match=rf"{file}, which has none\. Name with --names"):
            feedback_told(graded, NAME, to, tmp_path / file, ())
    with pytest.raises(GradingError, match=r"Got no --names\. Add --names and the zip"):
        feedback_told(graded, NAME, "canvas", None, ())
    with pytest.raises(GradingError, match=r"no file .*nowhere"):
        feedback_told(graded, NAME, "canvas", tmp_path / "nowhere", ())
    with pytest.raises(GradingError, match=r"Expected one of pages, .* Got --to mail"):
        feedback_told(graded, NAME, "mail", None, ())
    with pytest.raises(GradingError, match=r"Got none of eve\. Run `rnn-course autograde toy`"):
        feedback_told(graded, NAME, "pages", None, ("eve",))
    assert not list(graded.glob("returned/*"))


# nbgrader passes itself an argument that it does not know, and leaves a file open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning")
@pytest.mark.slow
@behind_the_wall
def test_without_an_exchange_another_way_is_offered(graded: Path, tmp_path: Path) -> None:
    def exchange(place: Path) -> None:
        config = graded / "nbgrader_config.py"
        config.write_text(f"{config.read_text()}\nc.Exchange.root = {str(place)!r}\n")

    exchange(tmp_path / "nowhere")
    with pytest.raises(GradingError, match=r"Got none: .*--to folders, moodle or canvas"):
        feedback_told(graded, NAME, "nbgrader", None, ())
    (tmp_path / "exchange").mkdir(mode=0o777)
    exchange(tmp_path / "exchange")
    secret = {"timestamp.txt": "2026-01-10 13:00:00 UTC", "submission_secret.txt": "s3cret"}
    hand_in(graded, "ada", **secret)
    autograde(graded, NAME, Settings())
    done = feedback_told(graded, NAME, "nbgrader", None, ())
    assert done.students == ["ada"]
    assert "This was not collected from the exchange" in done.problems["bob"]
    assert Course(graded)._api.release_feedback(NAME, "ada")["success"]  # nbgrader's own, as well
    (released,) = (tmp_path / "exchange").rglob("feedback/*.html")
    assert released.read_text() == page(graded, "ada")


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{</mtext><script>alert(1)</script>}",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\href{javascript:alert(1)}{x}",
        r'\class{" onmouseover="alert(1)}{x}',
        r'x" onmouseover="alert(1)',
        r"\frac{",
        "{" * 3000,
        "{" * 900 + "}" * 900,
    ],
)
def test_a_formula_executes_nothing(latex: str) -> None:
    for text in (to_mathml(latex), rendered(f"a ${latex}$ ![${latex}$](x) b", "x")):
        seen = Page(text)
        assert not seen.active
        assert "<script" not in text
        assert not re.search(r"<[^>]*(onmouseover|onerror|javascript)[^>]*=[^>]*>", text) or (
            'alttext="' in text or "alt=" in text
        )


def test_formulas_of_all_usual_kinds_are_shown() -> None:
    for latex in (r"\frac12", r"\begin{aligned}a&=b\\c&=d\end{aligned}", r"\mathbb{R}^{H}"):
        assert to_mathml(latex).startswith("<math ")
    assert to_mathml(r"\nosuch{x}") == r"<code>$\nosuch{x}$</code>"
    assert "<mo>&lt;</mo>" in to_mathml("a < b")


def test_place_holders_that_a_student_writes_are_no_way_in() -> None:
    text = rendered("$a$ \ue0000\ue001 &#xE000;0&#xE001; <a title='$\"x$'>t</a>", "x")
    assert text.count("<math") <= 2
    assert "title='$\"x$'" in text or 'title="$&quot;x$"' in text
