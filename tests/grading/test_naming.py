"""A class whose mistakes have no name: grouped, named once, told to all, and to the next class."""

import json
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import hand_in
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner

from rnn_course.authoring import builder
from rnn_course.checks.notebook import notebook as checker
from rnn_course.checks.packed import SUFFIX, texts
from rnn_course.cli import app
from rnn_course.errors import CheckError, GradingError
from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.reporting.class_report import write_report
from rnn_course.grading.reporting.naming import name_behaviour

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

NAME = "toy"
QUESTIONS = """
import numpy as np

from rnn_course.checks import Call, Criterion, Part, Question, array, calls, compare
from rnn_course.checks.requests import Program


def judge(subject, seed, marking):
    x = np.random.default_rng(seed).normal(size=4)
    (outcome,) = subject.ask(Program((Call("cube", (x,)),)))
    if outcome.error:
        marking.fail_rest(str(outcome.error))
    elif np.allclose(outcome.value, x**3):
        marking.passed("value")
    else:
        came = ", ".join(f"{value:.4f}" for value in outcome.value)
        marking.failed("value", f"It gives {came}.")


QUESTIONS = (
    compare(
        "curve",
        "A curve",
        cases=calls("curve", array("N")),
        parts=(Part("value", "Its values", 4),),
        signature={"curve": ("x",)},
    ),
    Question("cube", "A cube", (Criterion("value", "Its values", 2),), judge, ("cube",)),
)
"""
CURVE, CUBE = "def curve(x):\n    return x * x - 3 * x", "def cube(x):\n    return x**3"
SENTENCE = "The curve is bent the other way at its end."
WRONG = {  # two make one mistake, each in words of their own, and one makes another
    "ada": "def curve(x):\n    return x * x - 3 * x + 0.25 * np.abs(x) ** 1.5",
    "bob": "def curve(x):\n    bent = np.sqrt(np.abs(x)) ** 3 / 4\n    return bent + x * (x - 3)",
    "cyd": "def curve(x):\n    return x * x - 3 * x + 0.5 * np.abs(x) ** 1.5",
    "dan": CURVE,
}


def _graded(name: str, grade: bool, points: float | None = None) -> dict:
    found = {"grade_id": name, "grade": grade, "solution": not grade, "locked": grade}
    found |= {"schema_version": 3, "task": False} | ({"points": points} if points else {})
    return {"nbgrader": found}


def notebook(curve: str, cube: str) -> NotebookNode:
    cells = [
        new_markdown_cell("# Toy", id="title"),
        new_code_cell("import numpy as np", id="setup"),
        new_markdown_cell("## A curve", id="about_curve"),
        new_code_cell(curve, id="curve", metadata=_graded("curve", False)),
        new_code_cell('check("curve")', id="check_curve", metadata=_graded("check_curve", True, 4)),
        new_markdown_cell("## A cube", id="about_cube"),
        new_code_cell(cube, id="cube", metadata=_graded("cube", False)),
        new_code_cell('check("cube")', id="check_cube", metadata=_graded("check_cube", True, 2)),
    ]
    return new_notebook(cells=cells)


def text(curve: str = CURVE, cube: str = CUBE) -> str:
    return nbformat.writes(notebook(curve, cube))


@pytest.fixture
def course(instructor: None, in_process: None, tmp_path: Path) -> Path:
    """A course with one coursework, handed out, and a class that has handed in."""
    root = tmp_path / "course"
    for place, of in (
        ("solutions", "### BEGIN SOLUTION\n{}\n### END SOLUTION"),
        ("assignments", "{}"),
    ):
        folder = root / place / NAME
        folder.mkdir(parents=True)
        nbformat.write(notebook(of.format(CURVE), of.format(CUBE)), folder / "toy.ipynb")
    (root / "solutions" / NAME / "questions.py").write_text(QUESTIONS)
    config = Path(__file__).parents[2] / "nbgrader_config.py"
    (root / config.name).write_text(config.read_text())
    for student, curve in WRONG.items():
        cube = "def cube(x):\n    return x**3 - x" if student in ("ada", "dan") else CUBE
        hand_in(root, student, toy_ipynb=text(curve, cube))
    return root


def told(root: Path, student: str) -> dict[str, str | None]:
    result = ResultStore(root, NAME).result(student)
    return {q["id"]: q["criteria"][0]["misconception"] for q in result["questions"]}


def scores(root: Path) -> dict[str, float]:
    return {student: ResultStore(root, NAME).result(student)["score"] for student in WRONG}


def test_a_group_is_shown_named_once_and_told_to_all_of_it_and_to_nobody_else(course: Path) -> None:
    autograde(course, NAME, Settings())
    before = scores(course)
    page = write_report(course, NAME)[0].read_text()
    assert "rnn-course name toy curve ada" in page
    assert "0.25 * np.abs(x) ** 1.5" in page
    assert page.index("rnn-course name toy curve ada") < page.index("rnn-course name toy curve cyd")

    words = [
        "name",
        NAME,
        "curve",
        "bob",
        SENTENCE,
        "--why",
        "Look at its end.",
        "--root",
        str(course),
    ]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "the_curve_is_bent_the_other_way: ada, bob" in done.stdout
    name_behaviour(course, NAME, "cube", "dan", "x is taken away.")

    tally = autograde(course, NAME, Settings())
    assert sorted(tally.graded) == sorted(WRONG)
    assert scores(course) == before
    bent, less = "the_curve_is_bent_the_other_way", "x_is_taken_away"
    assert {student: told(course, student) for student in WRONG} == {
        "ada": {"curve": bent, "cube": less},
        "bob": {"curve": bent, "cube": None},
        "cyd": {"curve": None, "cube": None},
        "dan": {"curve": None, "cube": less},
    }
    assert SENTENCE in (course / "results" / NAME / "ada" / "graded.ipynb").read_text()
    page = write_report(course, NAME)[0].read_text()
    assert "rnn-course name toy curve ada" not in page
    assert "rnn-course name toy curve cyd" in page

    _next_year(course)


def _next_year(root: Path) -> None:
    """The file that students get tells the name too, and holds no answer and nobody's name."""
    folder = root / "solutions" / NAME
    course = builder.find(root)[NAME].coursework()
    checks = builder.pack(course, builder.PUBLIC_SEED)
    there = root / "handed_out"
    there.mkdir()
    (there / f"{NAME}{SUFFIX}").write_bytes(checks)
    stored = " ".join(texts(checks))
    assert "ada" not in stored
    namespace: dict = {}
    exec(f"import numpy as np\n{WRONG['bob']}\n{CUBE}", namespace)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(there)
        check = checker(NAME, namespace)
        report = check("curve")
        assert SENTENCE in report.text()
        assert "Look at its end." in report.text()
        # a judge that stands in the course's own questions is the grader's alone
        assert "judged when you hand in" in check("cube").text()
    released = builder.derive(root, folder, NAME)
    assert not [name for name in released if name.endswith(".toml")]


@pytest.mark.slow
def test_who_cannot_be_named_is_told_why(course: Path) -> None:
    autograde(course, NAME, Settings())
    for student, came in {
        "dan": "whose answer is right",
        "zoe": "who is not among those graded",
    }.items():
        with pytest.raises(GradingError, match=came) as raised:
            name_behaviour(course, NAME, "curve", student, SENTENCE)
        assert "such as: ada, cyd" in str(raised.value)
    with pytest.raises(GradingError, match="a sentence that tells a student what is wrong"):
        name_behaviour(course, NAME, "curve", "ada", " \n")
    with pytest.raises(CheckError, match="curve, cube"):
        name_behaviour(course, NAME, "square", "ada", SENTENCE)
    assert not (course / "solutions" / NAME / "named.toml").exists()

    path = course / "results" / NAME / "ada" / "result.json"
    result = json.loads(path.read_text())
    behaviour = result["questions"][0].pop("behaviour")
    path.write_text(json.dumps(result))
    with pytest.raises(GradingError, match="autograde toy --force"):
        name_behaviour(course, NAME, "curve", "ada", SENTENCE)
    result["questions"][0]["behaviour"] = {**behaviour, "telling": False}
    path.write_text(json.dumps(result))
    with pytest.raises(GradingError, match="only a yes, a no or an exception"):
        name_behaviour(course, NAME, "curve", "ada", SENTENCE)


@pytest.mark.slow
def test_a_name_for_other_cases_is_told_of_when_the_course_is_built(course: Path) -> None:
    autograde(course, NAME, Settings())
    name_behaviour(course, NAME, "curve", "ada", SENTENCE)
    folder = builder.find(course)[NAME]
    assert builder.changes(folder, folder.coursework()) == []
    questions = course / "solutions" / NAME / "questions.py"
    questions.write_text(questions.read_text().replace('array("N")', 'array("N", low=0, high=1)'))
    folder = builder.find(course)[NAME]
    (line,) = builder.changes(folder, folder.coursework())
    assert line.startswith("curve asks other cases than when the_curve_is_bent_the_other_way was")
    names = course / "solutions" / NAME / "named.toml"
    names.write_text(names.read_text().replace('question = "curve"', 'question = "bow"'))
    with pytest.raises(CheckError, match="the_curve_is_bent_the_other_way for 'bow'"):
        builder.find(course)[NAME].coursework()
