"""Questions that withhold something are judged where it does not exist; honest marks stay."""

import json
import sys
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from rnn_course.authoring.corpus import Sample, samples
from rnn_course.checks.courses import located
from rnn_course.checks.packed import SUFFIX, unpack
from rnn_course.checks.report import Report
from rnn_course.grading.host.kernel_client import KernelClient
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge import grading_task
from rnn_course.grading.judge.grading_task import Terms, grade_submission
from rnn_course.grading.result import Incident, Result
from rnn_course.seeding import PUBLIC_SEED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

ROOT = Path(__file__).parents[2]
SPEECH, BPTT = "cw2_speech_commands", "cw1_bptt"


@cache
def about(name: str) -> tuple[Release, Terms, dict[str, str]]:
    """Return a coursework's release, terms to grade it by, and its model answers.

    The terms are those of the file given out with it: to record others takes minutes.
    """
    release, folder = Release.load(name, ROOT), located(name, ROOT)
    cells = json.loads(folder.notebook.read_text())["cells"]
    marked = [(c["metadata"].get("nbgrader", {}).get("grade_id"), c) for c in cells]
    answers = {ident: "".join(c["source"]) for ident, c in marked if c["cell_type"] == "code"}
    recorded = (ROOT / "assignments" / name / f"{name}{SUFFIX}").read_bytes()
    return release, Terms(recorded, release.text, PUBLIC_SEED), answers


def graded(name: str, question: str, answer: str, before: str = "", own: str = "") -> Result:
    """Grade an answer, with model answers above it and nothing below its check."""
    release, terms, answers = about(name)
    notebook = nbformat.reads(release.text, 4)
    cells, reached = [], False
    for cell in notebook.cells:
        ident = grade_id(cell)
        reached |= ident == question
        if ident == question:
            cells.append(new_code_cell(before, id="mine"))
            cell.source = answer
        elif cell.cell_type == "code" and ident.startswith("check_") and ident[6:] != question:
            continue
        elif cell.cell_type == "code" and not reached:
            cell.source = answers.get(ident, cell.source)
        elif cell.cell_type == "code" and ident[6:] != question:
            continue
        cells.append(cell)
    notebook.cells = [*cells, new_code_cell(own, id="below")]
    return grade_submission(Submission("ada", nbformat.writes(notebook)), terms).result


def report_of(result: Result, question: str) -> Report:
    return next(report for report in result.questions if report.question == question)


def told(result: Result, *ids: str) -> list[Incident]:
    return [incident for incident in result.incidents if incident.cell in ids]


@cache
def right(name: str, question: str) -> str:
    return about(name)[2][question]


BORROWED = """
class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)
    def forward(self, input, hx=None):
        hx = hx or [input.new_zeros(len(input), self.hidden_size)] * 2
        x, h = self.x, self.h
        return @(input, hx, x.weight, h.weight, x.bias, h.bias)
"""
HONEST = """
reference = nn.LSTMCell(4, 5)
print(reference(torch.zeros(2, 4))[0].shape)
"""


def test_a_question_says_what_it_withholds_and_graders_hear_it() -> None:
    release, terms, _ = about(SPEECH)
    cells = {"lstm_cell", "gru_cell", "rnn_model", "bidir_model"}
    assert {q.id for q in release.course if q.without == {"recurrent"}} == cells
    assert {q.id for q in unpack(terms.course) if q.without == {"recurrent"}} == cells
    derived = {q.id for q in unpack(about(BPTT)[1].course) if q.without == {"autograd"}}
    assert derived == {"cell_fn_backward", "bptt"}


@pytest.mark.parametrize(
    "way", ["torch.lstm_cell", "vars(torch)['lstm' + '_cell']", "torch.ops.aten.lstm_cell.default"]
)
def test_a_borrowed_layer_earns_nothing_and_its_author_is_told(way: str) -> None:
    result = graded(SPEECH, "lstm_cell", BORROWED.replace("@", way))
    report = report_of(result, "lstm_cell")
    assert report.score == 0
    assert all("`LSTMCell` uses torch's lstm_cell" in v.message for v in report.verdicts)
    assert {v.misconception.id for v in report.verdicts} == {"calls_the_solution"}
    (incident,) = [i for i in told(result, "lstm_cell") if "which it was to implement" in i.message]
    assert incident.kind == "review"


def test_gradients_by_torch_earn_nothing_and_their_author_is_told() -> None:
    answer = right(BPTT, "cell_fn_backward").replace("def cell_fn_backward(", "def by_hand(")
    engine = "torch.autograd.Variable._execution_engine.run_backward"
    answer += f"""
import torch
def cell_fn_backward(*args):
    w = torch.ones(3, requires_grad=True)
    loss = (w * w).sum()
    {engine}((loss,), (torch.tensor(1.0),), False, False, (w,), True, False)
    return by_hand(*args)
"""
    result = graded(BPTT, "cell_fn_backward", answer)
    report = report_of(result, "cell_fn_backward")
    assert report.score == 0
    assert report.verdicts[0].message == "`cell_fn_backward` lets torch compute the gradients."
    assert "review" in [incident.kind for incident in told(result, "cell_fn_backward")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HONEST, ""),
        ("", HONEST),
        ("import subprocess\nprint(subprocess.run(['true']).returncode)", ""),
        ("reference = nn.LSTM(4, 5)\nreference(torch.zeros(1, 2, 4))[0].sum().backward()", HONEST),
    ],
)
def test_cells_that_use_torchs_layers_elsewhere_cost_nothing(before: str, after: str) -> None:
    answer = right(SPEECH, "lstm_cell")
    # in the answer's own cell too, above and below what it defines
    result = graded(SPEECH, "lstm_cell", f"{after}\n{answer}\n{after}", before)
    report = report_of(result, "lstm_cell")
    assert report.status == "passed", report
    assert [
        i.kind for i in told(result, "lstm_cell", "mine") if "subprocess" not in i.message
    ] == []


def test_a_cell_shows_what_it_shows_where_nothing_is_withheld() -> None:
    result = graded(SPEECH, "lstm_cell", f"{HONEST}\n{right(SPEECH, 'lstm_cell')}", HONEST)
    assert report_of(result, "lstm_cell").status == "passed"
    assert told(result, "lstm_cell", "mine") == []


def test_gradients_elsewhere_cost_nothing() -> None:
    before = "import torch\nw = torch.ones(3, requires_grad=True)\n(w * w).sum().backward()\nw.grad"
    answer = right(BPTT, "cell_fn_backward")
    result = graded(BPTT, "cell_fn_backward", f"{before}\n{answer}\n{before}", before)
    assert report_of(result, "cell_fn_backward").status == "passed"
    assert told(result, "cell_fn_backward", "mine") == []


def test_what_nobody_can_be_sure_of_keeps_its_points_and_is_for_review() -> None:
    before = "reference = nn.LSTMCell(4, 5)\nsize = len(reference(torch.zeros(2, 4)))"
    answer = right(SPEECH, "lstm_cell").replace("hy = o *", "hy = size / 2 * o *")
    assert "size / 2" in answer
    result = graded(SPEECH, "lstm_cell", answer, before)
    assert report_of(result, "lstm_cell").status == "passed"
    (incident,) = told(result, "lstm_cell")
    assert incident.kind == "review"
    assert incident.message == (
        "This answer earned 15 points, and 0 where torch's own recurrent layers do not exist. That "
        "may be the doing of another cell, which needs them too. Nothing is taken off; a person "
        "may look at it."
    )


def test_a_model_on_a_borrowed_cell_keeps_its_own_points() -> None:
    _, _, answers = about(SPEECH)
    answers = dict(answers)
    borrowed = BORROWED.replace("@", "torch.lstm_cell")
    result = graded(SPEECH, "rnn_model", answers["rnn_model"], borrowed)
    assert report_of(result, "rnn_model").score == report_of(result, "rnn_model").max_score


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Return what is withheld in each kernel that is started from now on."""
    started: list[set[str]] = []
    make = grading_task.kernel_factory

    def counting(*args: Any, **how: Any) -> tuple[Any, str]:
        launch, about = make(*args, **how)

        def noted(without: Collection[str] = ()) -> KernelClient:
            started.append(set(without))
            return launch(without)

        return noted, about

    monkeypatch.setattr(grading_task, "kernel_factory", counting)
    return started


def test_one_process_judges_all_where_nobody_asks_for_what_is_withheld(
    kernels: list[set[str]],
) -> None:
    result = graded(SPEECH, "gru_cell", right(SPEECH, "gru_cell"))
    assert kernels == [{"recurrent"}]
    assert report_of(result, "gru_cell").status == "passed"


@pytest.mark.parametrize(
    "asks",
    [
        "try:\n    nn.LSTMCell(4, 5)(torch.zeros(2, 4))\nexcept RuntimeError:\n    pass",
        "import subprocess\ntry:\n    subprocess.run(['true'])\nexcept OSError:\n    pass",
        "torch.compile(nn.Linear(2, 3))",
    ],
    ids=["layer", "program", "compiler"],
)
def test_who_asks_for_it_gets_an_ordinary_process_even_in_silence(
    kernels: list[set[str]], asks: str
) -> None:
    result = graded(SPEECH, "gru_cell", f"{asks}\n{right(SPEECH, 'gru_cell')}")
    assert kernels == [{"recurrent"}, set()]
    assert report_of(result, "gru_cell").status == "passed"


def test_without_derivatives_no_process_is_taken_for_an_ordinary_one(
    kernels: list[set[str]],
) -> None:
    graded(BPTT, "cell_fn_backward", right(BPTT, "cell_fn_backward"))
    assert kernels == [{"autograd"}, set()]


RIGHT = [
    sample
    for name in (SPEECH, BPTT)
    for sample in samples(ROOT / "tests" / "submissions", name)
    if sample.right and about(name)[0].course.by_id[sample.question].without
]


@pytest.mark.slow
@pytest.mark.parametrize("sample", RIGHT, ids=lambda sample: sample.name)
def test_right_answers_stay_right_and_are_not_for_review(sample: Sample) -> None:
    result = graded(sample.coursework, sample.question, sample.text)
    report = report_of(result, sample.question)
    assert report.status == "passed", report.text()
    assert [i for i in told(result, sample.question) if i.kind == "review"] == []
