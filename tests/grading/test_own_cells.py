"""Cells that students add: whatever they do, the answers keep their marks and nobody is accused."""

import sys

import nbformat
import pytest
import toy
from nbformat.v4 import new_code_cell

from rnn_course.checks.notebook import Checker
from rnn_course.grading.host.kernel_factory import kernel_factory
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.judge import grade
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.result import Result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

LIMITS = Limits(cell_seconds=20, submission_seconds=120, memory_bytes=512 * MIB)
ROOMY = Limits(cell_seconds=60)  # torch.compile alone takes half a gigabyte
TENSORS = "import torch\ndef double(x):\n    return (2 * torch.as_tensor(x)).numpy()"
MANY = "import torch\ntorch.set_num_threads(64)"


def graded(
    cell: str, files: dict[str, bytes] | None = None, limits: Limits = LIMITS, **answers: str
) -> Result:
    """Grade the toy notebook with a cell of the student's own after the set-up."""
    notebook = nbformat.reads(toy.text(**answers), 4)
    notebook.cells.insert(1, new_code_cell(cell, id="mine"))
    launch, _ = kernel_factory(files or {}, limits)
    about = {"launch": launch, "seed": 5, "limits": limits, "environment": {}}
    submission = Submission("ada", nbformat.writes(notebook), files or {})
    return grade(submission, toy.RELEASE, **about)[1]


@pytest.mark.parametrize(
    "harmless",
    [
        "import rnn_course.checks\nprint(rnn_course.checks.__file__)",
        "import logging\nlogging.getLogger('rnn_course.checks').setLevel(logging.WARNING)",
        "help('rnn_course.checks.notebook')",
        "import sys\nprint(sys._getframe(0).f_code.co_name)",
        (
            "try:\n    1 / 0\n"
            "except Exception as e:\n    print(e.__traceback__.tb_frame.f_locals.keys())"
        ),
        "print(len(object.__subclasses__()))",
        "from rnn_course.checks.notebook import notebook as opened",
    ],
)
def test_curiosity_costs_nothing_and_is_at_most_for_review(harmless: str) -> None:
    result = graded(harmless)
    assert result.score == 12
    assert {incident.kind for incident in result.incidents} <= {"review"}
    assert all(incident.cell == "mine" for incident in result.incidents)


@pytest.mark.parametrize(
    ("cell", "kind", "said"),
    [
        ("exit()", "exit", "asks Python to end"),
        ("quit()", "exit", "asks Python to end"),
        ("raise SystemExit", "exit", "asks Python to end"),
        ("import os\nos._exit(3)", "crashed", "The Python process ended while this cell ran"),
        ("held = []\nwhile True:\n    held.append(bytes(10**6))", "memory", "more than 512 MiB"),
        (MANY, None, ""),
        ("import torch\ntorch.set_default_device('cuda')", None, ""),
        ("import torch\ntorch.inference_mode().__enter__()", None, ""),
        ("import torch\ntorch.set_grad_enabled(False)", None, ""),
        ("import os\nos.chdir('/')\nos.environ.clear()", None, ""),
        ("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.5)", None, ""),
    ],
)
def test_a_cell_of_no_question_costs_no_question(cell: str, kind: str | None, said: str) -> None:
    result = graded(cell, double=TENSORS)
    assert result.score == 12
    found = [(i.kind, i.cell) for i in result.incidents if i.kind != "review"]
    assert found == ([(kind, "mine")] if kind else [])
    assert said in "".join(incident.message for incident in result.incidents)


@pytest.mark.parametrize(
    "answer",
    [
        f"import asyncio\nawait asyncio.sleep(0)\n{toy.DOUBLE}",
        f"import asyncio\nawait asyncio.sleep(0.01)\n{toy.DOUBLE}\nawait asyncio.sleep(0.01)",
        TENSORS.replace("def", "@torch.compile(backend='eager')\ndef"),
    ],
)
def test_what_works_in_a_notebook_works_when_graded(answer: str) -> None:
    result = graded("", limits=ROOMY, double=answer)
    assert (result.score, result.incidents) == (12, ())


def test_what_an_answer_defines_above_a_test_that_fills_memory_is_kept() -> None:
    filling = "held = []\nwhile True:\n    held.append(bytes(10**6))"
    result = graded("", double=f"{toy.DOUBLE}\n{filling}")
    assert result.score == 12
    assert [(incident.kind, incident.cell) for incident in result.incidents] == [
        ("memory", "double")
    ]


def test_answers_that_a_cell_of_no_question_breaks_are_judged_without_it() -> None:
    result = graded(
        "import builtins\nbuiltins.sum = builtins.abs = None",
        square="""
def square(x):
    return abs(x) * abs(x)
""",
    )
    assert result.score == 12
    square = next(report for report in result.questions if report.question == "square")
    assert "it was judged without them" in square.notes[0]


def test_a_helper_of_the_students_own_is_still_there_for_a_later_answer() -> None:
    result = graded(
        "def helper(x):\n    return x * x",
        square="square = None",
        eighth="""
def eighth(x):
    return helper(helper(helper(x)))
""",
    )
    assert [report.score for report in result.questions[:3]] == [4, 0, 4]


def test_an_answer_that_reaches_into_the_checks_is_not_run_and_costs_only_itself() -> None:
    result = graded("", double=f"import rnn_course.checks.watch\n{toy.DOUBLE}")
    assert [report.score for report in result.questions[:3]] == [0, 4, 4]
    assert result.questions[0].verdicts[0].message == (
        "This answer was not run: it reaches into what checks it (rnn_course.checks.watch). Write "
        "it without that, or ask your instructor to look at it."
    )
    assert [(incident.kind, incident.cell) for incident in result.incidents] == [
        ("review", "double")
    ]


def test_a_module_that_reaches_into_the_checks_costs_the_answer_that_imports_it() -> None:
    code = b"import rnn_course.checks.watch"
    result = graded("", {"sly.py": code}, double=f"import sly\n{toy.DOUBLE}")
    assert [report.score for report in result.questions[:3]] == [0, 4, 4]


def test_what_stopped_the_cell_of_an_answer_is_said() -> None:
    result = graded("", double="scale = undefined_name\n" + toy.DOUBLE)
    assert "NameError: name 'undefined_name' is not defined" in result.questions[0].notes[-1]


def test_what_an_answer_rarely_needs_is_for_review_and_costs_nothing() -> None:
    result = graded("import gc\ngc.collect()", {"own.py": b"import ctypes"}, double=TENSORS)
    assert result.score == 12
    assert [(incident.kind, incident.cell) for incident in result.incidents] == [
        ("review", ""),
        ("review", "mine"),
    ]
    assert "The module own.py uses ctypes (line 1)" in result.incidents[0].message
    assert "This cell uses gc (line 1), which an answer rarely" in result.incidents[1].message


def test_a_student_hears_from_check_what_is_for_review() -> None:
    namespace = {"double": lambda x: 2 * x, "In": ["", "import rnn_course.checks.watch"]}
    report = Checker(lambda: toy.COURSEWORK, namespace)("double")
    assert report.score == 4
    assert "For your instructor to look at: a cell that was run here" in report.text()
    assert "rnn_course.checks.watch" in report._repr_html_()
