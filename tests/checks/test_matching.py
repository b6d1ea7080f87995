"""Weights are loaded into modules whose parameters have other names, shapes and order."""

import linecache

import numpy as np
import pytest
import torch
from torch import nn

from rnn_course.checks.cases import Case
from rnn_course.checks.coursework import Marking
from rnn_course.checks.judging import judge
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.matching import as_rows, from_rows, program, traced
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.recording import Source, record
from rnn_course.checks.recording_data import as_data, from_data
from rnn_course.checks.requests import Build, Call, Load, Program
from rnn_course.checks.values import UNMATCHED, Raised, Ref, Tensor
from rnn_course.checks.wire import decode, encode
from rnn_course.errors import AuthoringError

MODEL = """
class Net(nn.Module):
    def __init__(self, D, H):
        super().__init__()
        self.first = nn.Linear(D, H)
        self.last = nn.Linear(H, 2)

    def forward(self, x):
        return self.last(torch.relu(self.first(x)))
"""
TRANSPOSED = """
class Net(nn.Module):
    def __init__(self, D, H):
        super().__init__()
        self.c = nn.Parameter(torch.zeros(2))
        self.C = nn.Parameter(torch.randn(H, 2))
        self.A = nn.Parameter(torch.randn(D + 1, H))
        self.idle = nn.Parameter(torch.randn(3))

    def forward(self, x):
        x = torch.cat([x.new_ones(len(x), 1), x], 1)
        return (x @ self.A).clamp(min=0) @ self.C + self.c
"""
RENAMED = MODEL.replace("first", "a").replace("last", "b")
SAME_NAMES_EXCHANGED = (
    MODEL.replace("nn.Linear(D, H)", "nn.Linear(H, 2)", 1)
    .replace("self.last = nn.Linear(H, 2)", "self.last = nn.Linear(D, H)")
    .replace("self.last(torch.relu(self.first(x)))", "self.first(torch.relu(self.last(x)))")
)
NO_BIAS = TRANSPOSED.replace(" + self.c", "")
RECTIFIED = TRANSPOSED.replace("return (x @", "return torch.tanh(x @").replace(".clamp(min=0)", "")


def subject(text):
    known = {"__name__": "__main__", "torch": torch, "nn": nn}
    linecache.cache["<net>"] = (len(text), None, text.splitlines(keepends=True), "<net>")
    exec(compile(text, "<net>", "exec"), known)
    return LocalSubject(known)


def case(D=3, H=4, rows=8, into="net"):
    rng = np.random.default_rng(D)
    weights = {
        **{"first.weight": rng.normal(size=(H, D)), "first.bias": rng.normal(size=H)},
        **{"last.weight": rng.normal(size=(2, H)), "last.bias": rng.normal(size=2)},
    }
    x = Tensor.of(rng.normal(size=(5, D)))
    steps = {
        "other": Call("Net", (D, H), keep=True),
        "net": Build("Net", (D, H)),
        "set": Load(Ref(into), weights, probe=(rng.normal(size=(rows, D)),)),
        "y": Call(Ref("net"), (x,)),
    }
    return Case(f"D = {D}", steps)


def outcome(text, found):
    steps, unmatched = program(subject(text), found, TRACES[found.said])
    assert unmatched is None
    return subject(text).ask(Program(steps))[-1].value.data


CASES = {c.said: c for c in (case(3, 4), case(1, 1))}
TRACES = {said: traced(subject(MODEL), c) for said, c in CASES.items()}


@pytest.mark.parametrize("said", CASES)
@pytest.mark.parametrize("text", [MODEL, TRANSPOSED, RENAMED, SAME_NAMES_EXCHANGED])
def test_a_right_module_gets_the_weights_wherever_it_keeps_them(text, said):
    found = CASES[said]
    weights, x = found.steps["set"].parameters, found.steps["y"].args[0].data
    hidden = np.maximum(x @ weights["first.weight"].T + weights["first.bias"], 0)
    right = hidden @ weights["last.weight"].T + weights["last.bias"]
    assert np.allclose(outcome(text, found), right, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            RECTIFIED,
            "The parameters of your module are 29 numbers; the right one has 26, and no choice "
            "of yours computes what is asked.",
        ),
        (
            RECTIFIED.replace("self.idle = nn.Parameter(torch.randn(3))", ""),
            "Whatever its 26 parameters are set to, the module does not compute what is asked.",
        ),
    ],
)
def test_a_module_that_computes_something_else_is_told_so(text, said):
    found = CASES["D = 3"]
    steps, unmatched = program(subject(text), found, TRACES["D = 3"])
    assert unmatched == Raised(UNMATCHED, said)
    assert len(steps) == 2  # the module is built, and nothing is loaded


def test_a_wrong_module_with_the_right_layout_gets_them_by_name_or_by_order():
    found = CASES["D = 3"]
    for text in (MODEL, RENAMED):
        steps, unmatched = program(
            subject(text.replace("torch.relu", "torch.tanh")), found, TRACES["D = 3"]
        )
        assert unmatched is None
        assert [*steps[2].parameters.values()] == [*found.steps["set"].parameters.values()]


def test_traces_are_data():
    traces = TRACES["D = 3"]
    again = from_rows(decode(encode(as_rows(traces))))
    assert again["set"].layout == traces["set"].layout
    steps, unmatched = program(subject(TRANSPOSED), CASES["D = 3"], again)
    assert unmatched is None
    assert set(steps[2].parameters) == {"c", "C", "A", "idle"}


@pytest.mark.parametrize(
    ("text", "asked", "message"),
    [
        (MODEL, case(into="other"), "plain arguments.*step Call \\(D = 3.*leave `probe` out"),
        (MODEL, case(D=10, H=60), "at most 500 numbers.*782 numbers.*smaller module"),
        (NO_BIAS, case(), "probe tells apart.*Give the probe more rows"),
        ("def Net(D, H): return 3", case(), "Net is not a torch.nn.Module"),
    ],
)
def test_an_author_reads_why_parameters_cannot_be_told_apart(text, asked, message):
    with pytest.raises(AuthoringError, match=f"(?s){message}"):
        traced(subject(text), asked)


QUESTION = compare(
    "net",
    "A net",
    cases=lambda rng: [case(2, 3), case(1, 2)],
    parts=(Part("scores", "The scores", 2, "y"),),
    mistakes=(Mistake("tanh", "tanh.", "Not so.", edits=(("torch.relu", "torch.tanh"),)),),
    defines=("Net",),
)


@pytest.fixture(scope="module")
def recording():
    source = Source("net", MODEL, "import torch\nfrom torch import nn\n")
    return from_data(decode(encode(as_data(record(QUESTION.comparison, source, 1)))))


@pytest.mark.parametrize(
    ("text", "score", "told"),
    [
        (TRANSPOSED, 2, []),
        (RENAMED.replace("torch.relu", "torch.tanh"), 0, ["tanh"]),
        (RECTIFIED, 0, ["other_module"]),
        ("x = 1", 0, ["unknown_name"]),
        ("class Net(nn.Module):\n    pass", 0, ["wrong_signature"]),
    ],
)
def test_a_question_is_judged_so_from_a_file(recording, text, score, told):
    marking = Marking(QUESTION.criteria)
    judge(recording, subject(text), marking)
    assert sum(v.score for v in marking.verdicts()) == score
    assert [v.misconception.id for v in marking.verdicts() if v.misconception] == told
