"""A check, points, a submission or a deadline changed: whose marks change, and why."""

import csv
import re
import sys
from pathlib import Path

import nbformat
import pytest
import toy
from conftest import NAME, hand_in
from rich.console import Console

from rnn_course.authoring.release import derive, write_tree
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.classroom.change_list import without_formulas
from rnn_course.grading.classroom.changed_marks import HEADER, changed_marks
from rnn_course.grading.classroom.commands import autograde_with_progress
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.course_lock import only_writer
from rnn_course.grading.judge.result_store import ResultStore

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("in_process"),
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]

WRONG = "def double(x):\n    return 3 * x"
DUE = "2026-01-10 12:00:00"
PLUGIN = """
from nbgrader.plugins import BasePlugin

class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        if student_id == "cyd":
            raise ZeroDivisionError("no rule for cyd")
        return score / 2
"""


@pytest.fixture
def graded(course: Path, in_process: None) -> Path:
    """Ada has everything, Bob a mistake in `double`."""
    hand_in(course, "ada", toy_ipynb=toy.text())
    hand_in(course, "bob", toy_ipynb=toy.text(double=WRONG))
    assert autograde(course, NAME, Settings()).changes == []
    return course


def run(root: Path, **settings: object) -> str:
    console = Console(record=True, width=200)
    autograde_with_progress(root, NAME, Settings(**settings), console)
    return console.export_text()


def totals(root: Path) -> dict[str, float]:
    course = Course(root)
    found = course.marks(NAME, course.students(NAME))
    return {marks.student: sum(marks.scores.values()) for marks in found}


def everything(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def set_points(root: Path, number: float) -> None:
    source = root / "solutions" / NAME / "toy.ipynb"
    book = nbformat.read(source, as_version=4)
    next(c for c in book.cells if c.id == "check_double").metadata.nbgrader.points = number
    nbformat.write(book, source)
    write_tree(root / "assignments" / NAME, derive(root, source.parent, NAME))


def override(root: Path, student: str, points: float) -> None:
    with Course(root).open_gradebook() as gradebook:
        gradebook.find_grade("check_double", "toy", NAME, student).manual_score = points
        gradebook.db.commit()


def lists(root: Path) -> list[Path]:
    return sorted((root / "changed_marks" / NAME).glob("*.csv"))


def test_a_dry_run_tells_whose_marks_would_change_and_changes_nothing(graded: Path) -> None:
    set_points(graded, 8)
    hand_in(graded, "bob", toy_ipynb=toy.text())
    hand_in(graded, "eve", toy_ipynb=toy.text())
    before = everything(graded)
    said = run(graded, dry_run=True)
    assert everything(graded) == before
    why = r"4 points became 8; .*the released notebook changed"
    assert re.search(rf"ada double: 4/4 -> 8/8  \({why}", said)
    assert re.search(r"bob double: 0/4 -> 8/8  \(.*another submission was handed in", said)
    assert "2 marks of 2 students would change: 2 gain, 0 lose in total." in said
    assert "Nothing was written. To write it: rnn-course autograde toy" in said
    assert "3 graded, 0 unchanged" in said
    assert "eve" not in totals(graded) or totals(graded)["eve"] == 0


def test_a_run_writes_the_same_list_beside_the_gradebook(graded: Path) -> None:
    set_points(graded, 8)
    would = [line for line in run(graded, dry_run=True).splitlines() if "->" in line]
    said = run(graded)
    assert [line for line in said.splitlines() if "->" in line] == would != []
    (table,) = lists(graded)
    assert str(table) in said
    rows = list(csv.reader(table.read_text().splitlines()))
    assert tuple(rows[0]) == HEADER
    assert rows[1][:7] == ["ada", "double", "4", "8", "4", "8", ""]
    text = table.with_suffix(".txt").read_text()
    assert text.startswith("2 marks of 2 students changed: 1 gain, 0 lose in total.")
    assert would[0].strip() in text
    assert ResultStore(graded, NAME).result("ada")["changed"]["double"].startswith("4 points")
    assert "No marks would change." in run(graded, dry_run=True)
    assert len(lists(graded)) == 1


def test_points_that_change_and_change_back(graded: Path) -> None:
    for points in (9, 4):
        set_points(graded, points)
        run(graded)
        with Course(graded).open_gradebook() as gradebook:
            submission = gradebook.find_submission(NAME, "ada")
            assert (submission.score, submission.max_score) == (points + 8, points + 10)
            assert not submission.notebooks[0].failed_tests
    assert len(lists(graded)) == 2


# nbgrader's own way of making a submission; SQLAlchemy finds it odd, and does it all the same
@pytest.mark.filterwarnings("ignore:Object of type <Submitted:sqlalchemy.exc.SAWarning")
def test_points_that_change_and_change_back_in_formgrader(graded: Path) -> None:
    """What formgrader's button does: one server, which grades before and after the changes."""
    api = Course(graded)._api
    for points in (9, 4):
        set_points(graded, points)
        outcome = api.autograde(NAME, "ada", force=True)
        assert outcome["success"], outcome
        with Course(graded).open_gradebook() as gradebook:
            submission = gradebook.find_submission(NAME, "ada")
            assert (submission.score, submission.max_score) == (points + 8, points + 10)
            assert not submission.notebooks[0].failed_tests


def test_a_run_that_is_stopped_has_told_what_it_changed(graded: Path) -> None:
    set_points(graded, 8)

    def stop(*about: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        autograde(graded, NAME, Settings(), stop)
    (table,) = lists(graded)
    assert [line.split(",")[0] for line in table.read_text().splitlines()] == ["student", "ada"]
    assert "ada double: 4/4 -> 8/8" in table.with_suffix(".txt").read_text()
    run(graded)
    assert [line.split(",")[0] for line in lists(graded)[1].read_text().splitlines()] == [
        "student",
        "bob",
    ]


def test_no_cell_of_a_table_is_a_formula() -> None:
    assert without_formulas(["=1+1", "@x", "-3", "ada"]) == ["'=1+1", "'@x", "-3", "ada"]


def test_formgrader_waits_for_a_run_that_is_at_work(graded: Path) -> None:
    with only_writer(graded, "rnn-course autograde toy"):
        outcome = Course(graded)._api.autograde(NAME, "ada", force=True)
    assert not outcome["success"]
    assert "Expected nobody else to be writing marks of" in outcome["log"]
    assert "`rnn-course autograde toy`, process " in outcome["log"]


def test_an_override_stays_and_is_told(graded: Path) -> None:
    override(graded, "bob", 1)
    hand_in(graded, "bob", toy_ipynb=toy.text())
    said = run(graded)
    assert "bob: 12 of 14, by hand 9: double 1 in place of 4  (override)" in said
    assert "bob double: 0/4 -> 4/4, by hand 1 stays: look at it again" in said
    assert "1 mark of 1 student changed: 0 gain, 0 lose in total." in said
    assert totals(graded)["bob"] == 9
    (incident,) = ResultStore(graded, NAME).result("bob")["incidents"]
    assert incident["kind"] == "override"
    assert incident["message"] == "1 points by hand stand in place of the machine's 4."


def late(root: Path, *students: str) -> None:
    (root / "late_rules.py").write_text(PLUGIN)
    config = root / "nbgrader_config.py"
    config.write_text(
        f'{config.read_text()}\nc.AssignLatePenalties.plugin_class = "late_rules.Half"\n'
    )
    for student in students:
        hand_in(root, student, **{"timestamp.txt": "2026-01-10 13:00:00 UTC"})


def due(root: Path, when: str) -> None:
    with Course(root).open_gradebook() as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=when)


def penalty(root: Path, student: str) -> float | None:
    with Course(root).open_gradebook() as gradebook:
        return gradebook.find_submission_notebook("toy", NAME, student).late_submission_penalty


@pytest.fixture
def no_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "late_rules", raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path])


@pytest.mark.usefixtures("no_plugin")
def test_a_plugin_beside_the_configuration_and_a_deadline_that_moves(graded: Path) -> None:
    late(graded, "ada")
    due(graded, DUE)
    run(graded)
    assert penalty(graded, "ada") == 6
    due(graded, "2026-01-10 14:00:00")
    would = run(graded, dry_run=True)
    assert "ada late penalty: -6 -> 0  (the marks, a deadline, an extension" in would
    assert penalty(graded, "ada") == 6
    said = run(graded)
    assert "ada late penalty: -6 -> 0" in said
    assert "0 graded, 2 unchanged" in said
    assert not penalty(graded, "ada")
    due(graded, DUE)
    run(graded)
    assert penalty(graded, "ada") == 6
    with Course(graded).open_gradebook() as gradebook:
        gradebook.grant_extension(NAME, "ada", days=1)
    run(graded)
    assert not penalty(graded, "ada")


@pytest.mark.usefixtures("no_plugin")
def test_a_plugin_that_fails_for_one_student_stops_nobody(graded: Path) -> None:
    hand_in(graded, "cyd", toy_ipynb=toy.text())
    late(graded, "ada", "cyd")
    due(graded, DUE)
    said = run(graded)
    assert (
        "cyd: The late penalty plugin failed, and what lateness costs is as before (0): "
        "ZeroDivisionError: no rule for cyd" in said
    )
    assert (penalty(graded, "ada"), totals(graded)["cyd"]) == (6, 12)


@pytest.mark.usefixtures("no_plugin")
def test_a_plugin_that_is_not_there_is_named_before_anything_is_written(course: Path) -> None:
    hand_in(course, "ada", toy_ipynb=toy.text())
    late(course)
    (course / "late_rules.py").unlink()
    with pytest.raises(GradingError, match=r"late penalty plugin late_rules\.Half .*beside"):
        autograde(course, NAME, Settings())
    assert not (course / "autograded").exists()


def test_reasons_are_told_one_by_one() -> None:
    def result(score: float, most: float, made_from: dict[str, str] | None) -> dict:
        question = {"id": "q", "score": score, "max_score": most}
        return {"made_from": made_from, "questions": [question]}

    made = {"submission": "1", "checks": "2", "released": "3", "settings": "4", "program": "5"}
    old = result(1, 2, made)

    def why(new: dict, before: dict = old) -> str:
        (change,) = changed_marks("ada", before, new, {})
        return change.why

    assert why(result(2, 2, {**made, "checks": "x"})) == "the checks changed"
    assert why(result(2, 2, {**made, "settings": "x"})) == "the seed or a limit changed"
    assert why(result(2, 2, {**made, "program": "x"})) == "rnn-course changed"
    assert why(result(0, 2, {})) == "grading failed this time"
    assert why(result(2, 2, made), result(0, 2, {})) == "grading had failed before"
    assert why(result(2, 2, made)) == "nothing changed: look at it"
    assert why({"made_from": made, "questions": []}) == "the question was taken out"
    assert changed_marks("ada", old, result(1, 2, {**made, "program": "x"}), {}) == []


def test_a_second_run_is_refused_and_changes_nothing(course: Path) -> None:
    hand_in(course, "ada", toy_ipynb=toy.text())
    with (
        only_writer(course, "formgrader"),
        pytest.raises(GradingError, match=r"Got `formgrader`, process \d+ of .* since "),
    ):
        autograde(course, NAME, Settings())
    assert not (course / "autograded").exists()
    with only_writer(course, "formgrader"):  # a dry run writes nothing
        assert autograde(course, NAME, Settings(dry_run=True)).graded == ["ada"]
    assert autograde(course, NAME, Settings()).graded == ["ada"]


def flags(root: Path) -> dict[str, bool]:
    """Return whom formgrader's list shows a flag beside."""
    with Course(root).open_gradebook() as gradebook:
        found = gradebook.notebook_submission_dicts("toy", NAME)
    return {one["student"]: one["flagged"] for one in found}


def test_what_is_for_review_is_flagged_in_formgrader_until_somebody_has_looked(
    graded: Path,
) -> None:
    assert flags(graded) == {"ada": False, "bob": False}
    hand_in(graded, "bob", toy_ipynb=toy.text(double=f"import gc\n{toy.DOUBLE}"))
    autograde(graded, NAME, Settings())
    assert flags(graded) == {"ada": False, "bob": True}
    assert totals(graded) == {"ada": 12, "bob": 12}
    with Course(graded).open_gradebook() as gradebook:
        gradebook.find_submission_notebook("toy", NAME, "bob").flagged = False
        gradebook.db.commit()
    autograde(graded, NAME, Settings(force=True))
    assert flags(graded) == {"ada": False, "bob": False}
