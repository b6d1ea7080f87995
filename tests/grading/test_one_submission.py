import json
import sys

import pytest
import toy

from rnn_course.checks.report import Report
from rnn_course.grading.host.kernel_factory import kernel_factory
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.judge import grade
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.result import Result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

LIMITS = Limits(cell_seconds=3, submission_seconds=40, grace_seconds=0.5, output_bytes=MIB)


def run(text: str, limits: Limits = LIMITS) -> tuple[list, Result]:
    submission = Submission("ada", text)
    launch, sandbox = kernel_factory({}, limits)
    notebook, result = grade(
        submission,
        toy.RELEASE,
        launch=launch,
        seed=5,
        limits=limits,
        environment={"sandbox": sandbox},
    )
    return notebook.cells, result


def graded(**answers: str) -> tuple[Report, Report, Result]:
    _, result = run(toy.text(**answers))
    double, square, *_ = result.questions
    return double, square, result


def test_right_answers_earn_everything_that_a_machine_marks() -> None:
    cells, result = run(toy.text())
    assert [report.status for report in result.questions] == [*["passed"] * 3, "manual"]
    assert (result.score, result.max_score) == (12, 14)
    check = next(cell for cell in cells if cell.id == "check_double")
    assert check.outputs[0].data["text/plain"] == "4.0"
    assert "4 of 4 points" in check.outputs[0].data["text/html"]


def test_a_blank_earns_nothing_and_is_told_why() -> None:
    double, square, result = graded(double=toy.STUB, square=toy.STUB, eighth=toy.STUB)
    assert result.score == 0
    assert double.status == square.status == "missing"
    assert "Nothing called `double` is defined" in double.verdicts[0].message


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("import os\nos._exit(1)", "crashed", "Python process ended"),
        ("def double(x):\n    import os\n    os._exit(1)", "crashed", "Python process ended"),
        ("while True:\n    pass", "timeout", "stopped after 3 seconds"),
        ("def double(x):\n    while True:\n        pass", "timeout", "stopped after 3 seconds"),
        ("while True:\n    print('x' * 10_000)", "failed crashed", "more than 1 MiB"),
        ("import sys\nsys.exit()", "missing", "Nothing called `double`"),
        ("def double(x:", "failed", "is no Python, so that nothing in it ran: SyntaxError"),
        ("def double(x):\n    return\xa02 * x", "failed", "invalid non-printable character"),
    ],
)
def test_a_bad_cell_costs_its_own_question_only(answer: str, status: str, said: str) -> None:
    double, square, _ = graded(double=answer)
    assert double.status in status.split()
    assert double.score == 0
    assert said in double.verdicts[0].message
    assert (square.status, square.score) == ("passed", 4)


def test_a_cell_that_ignores_interrupts_is_killed_and_the_rest_goes_on() -> None:
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    double, square, result = graded(double=stubborn)
    assert (double.status, square.status) == ("timeout", "passed")
    assert [incident.kind for incident in result.incidents] == ["timeout"]


def test_what_ran_before_a_crash_is_there_after_it() -> None:
    square = "import os\nos._exit(1)"
    _, result = run(toy.text(double="seen = 1\ndef double(x):\n    return 2 * x", square=square))
    assert [report.status for report in result.questions][:2] == ["passed", "crashed"]


def test_the_whole_submission_is_bounded_in_time() -> None:
    limits = Limits(cell_seconds=3, submission_seconds=2, grace_seconds=0.5)
    _, result = run(toy.text(double="import time\ntime.sleep(60)"), limits)
    double, square, *_ = result.questions
    assert (double.status, square.status) == ("timeout", "timeout")
    assert "whole notebook was stopped after 2 seconds" in square.verdicts[0].message


def test_what_is_no_notebook_gets_zero_and_a_message() -> None:
    cells, result = run("{ this is not JSON")
    assert (result.status, result.score) == ("unreadable", 0)
    assert result.incidents[0].kind == "unreadable"
    assert "Expected a Jupyter notebook" in result.incidents[0].message
    check = next(cell for cell in cells if cell.id == "check_double")
    assert check.outputs[0].data["text/plain"] == "0.0"


def test_marks_do_not_depend_on_the_seed_and_the_inputs_do() -> None:
    remembers = "def double(x):\n    assert abs(x.sum() - 1) < 1e-3\n    return 2 * x"
    double, _, _ = graded(double=remembers)
    assert double.status == "failed"
    assert "AssertionError" in double.verdicts[0].message


@pytest.mark.parametrize(
    "fake",
    [
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['4.0\\n'])",
        "def check(question):\n    return 4.0",
        "print('{\"double\": 4.0}')\n4.0",
        "from rnn_course.checks import observe\nobserve.perform = lambda *a: 4.0",
        "import rnn_course.checks.wire as w\nw.encode = lambda v: b'4.0'",
        "import numpy as np\nnp.abs = lambda x: np.zeros(1)",
    ],
)
def test_no_fake_earns_a_point(fake: str) -> None:
    double, _, _ = graded(double=fake)
    assert double.score == 0


def test_html_and_javascript_in_outputs_are_dropped_and_pictures_kept() -> None:
    shown = (
        "from IPython.display import HTML, Javascript, display\n"
        "import matplotlib.pyplot as plt\n"
        "display(HTML('<script>alert(1)</script>'), Javascript('alert(2)'))\n"
        "plt.plot([1, 2]); plt.show()\n"
        "def double(x):\n    return 2 * x"
    )
    cells, result = run(toy.text(double=shown))
    assert result.score == 12
    outputs = next(cell for cell in cells if cell.id == "double").outputs
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert kinds == {"text/plain", "image/png"}


def test_the_json_contract_holds() -> None:
    _, result = run(toy.text(square=toy.STUB))
    found = result.as_dict()
    keys = "coursework notebook score max_score status environment questions incidents"
    assert list(found) == keys.split()
    keys = "id status score max_score criteria"
    assert list(found["questions"][0]) == keys.split()
    keys = "id passed score max_score message misconception"
    assert list(found["questions"][0]["criteria"][0]) == keys.split()
    assert found["score"] == 4
    assert json.loads(json.dumps(found, allow_nan=False)) == found
