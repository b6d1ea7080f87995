import pytest
import torch
from torch import nn

from rnn_course.checks.local import LocalSubject
from rnn_course.courseworks.cw2_speech_commands.models.bidir_model import BIDIR_MODEL
from rnn_course.courseworks.cw2_speech_commands.models.mistakes import CRITERION, MISTAKES
from rnn_course.courseworks.cw2_speech_commands.models.rnn_model import RNN_MODEL

NAMES = {"rnn_model": "RNNModel", "bidir_model": "BidirRecurrentModel"}


class Model(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.fc = nn.Linear(input_size, output_size)
        self.h = nn.ParameterList(
            nn.Parameter(torch.ones(4 * hidden_size, 2 * hidden_size)) for _ in range(num_layers)
        )

    def forward(self, input, hx=None):
        return self.answer(input)

    def answer(self, input):
        return self.fc(input[:, -1])


def variant(**methods):
    return type("RNNModel", (Model,), methods)


def raising(self, *_):
    raise ZeroDivisionError("on purpose")


STRANGE = {
    "nothing": variant(answer=lambda self, x: None),
    "text": variant(answer=lambda self, x: "logits"),
    "scalar": variant(answer=lambda self, x: self.fc(x).sum()),
    "nan": variant(answer=lambda self, x: self.fc(x[:, -1]) * float("nan")),
    "raises": variant(answer=raising),
    "raises_at_once": variant(__init__=raising),
    "list": variant(answer=lambda self, x: [self.fc(x[:, -1])]),
    "integers": variant(answer=lambda self, x: torch.ones(len(x), 3, dtype=torch.long)),
    "no_gradient": variant(answer=lambda self, x: torch.ones(len(x), 3).to(x)),
    "last_frame": Model,
    "numpy": variant(answer=lambda self, x: self.fc(x[:, -1]).detach().numpy()),
    "few_arguments": type("M", (nn.Module,), {"__init__": lambda self, mode: None}),
    "function": lambda *args: None,
    "number": 3,
}


@pytest.mark.parametrize("question", [RNN_MODEL, BIDIR_MODEL], ids=lambda q: q.id)
@pytest.mark.parametrize("strange", STRANGE)
def test_a_report_comes_whatever_the_class_does(question, strange):
    report = question.report(LocalSubject({NAMES[question.id]: STRANGE[strange]}), 1)
    assert 0 <= report.score <= 4
    assert report.max_score == 15
    assert not report.breakdown
    assert all(v.message for v in report.verdicts if not v.passed)


def test_global_state_is_as_before():
    class Vandal(Model):
        def answer(self, x):
            torch.set_default_dtype(torch.float64)
            torch.manual_seed(5)
            return self.fc(x[:, -1])

    state = torch.get_rng_state()
    RNN_MODEL.report(LocalSubject({"RNNModel": Vandal}), 1)
    assert torch.get_default_dtype() == torch.float32
    assert torch.equal(state, torch.get_rng_state())


def test_every_mistake_costs_a_criterion_that_exists():
    criteria = {c.id for q in (RNN_MODEL, BIDIR_MODEL) for c in q.criteria}
    assert set(CRITERION) == set(MISTAKES)
    assert set(CRITERION.values()) <= criteria | {"mode"}


def test_the_points_are_those_of_the_contract():
    assert RNN_MODEL.points == BIDIR_MODEL.points == 15


RIGHT = """
import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, size, units, bias, relu):
        super().__init__()
        self.x, self.h = nn.Linear(size, units, bias), nn.Linear(units, units, bias)
        self.f = torch.relu if relu else torch.tanh

    def forward(self, x, h):
        return self.f(self.x(x) + self.h(h))


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if not mode.startswith("RNN_") or mode[4:] not in ("TANH", "RELU"):
            raise ValueError(mode)
        sizes = [input_size] + [hidden_size] * (num_layers - 1)
        self.cells = nn.ModuleList(Cell(s, hidden_size, bias, mode[4:] == "RELU") for s in sizes)
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        zero = input.new_zeros(len(input), self.out.in_features)
        h = [zero] * len(self.cells) if hx is None else list(hx)
        for x in input.unbind(1):
            for k, cell in enumerate(self.cells):
                x = h[k] = cell(x, h[k])
        return self.out(x)
"""
ONE_SLIP = (
    ("self.out(x)", "self.out(nn.functional.dropout(x))", "random_logits"),
    ("self.out(x)", "self.out(torch.relu(x))", "activation_before_readout"),
    ("self.out(x)", "torch.relu(self.out(x))", "activation_on_logits"),
    ("self.out(x)", "self.out(x) / 3", "logits_rescaled"),
    ("self.out(x)", "self.out(x).clamp(-15, 15)", "values_cut_off"),
    ("nn.ModuleList(Cell", "list(Cell", "layers_not_registered"),
    ("in input.unbind(1)", "in (input[:, t] for t in range(32))", "fixed_length"),
    ("enumerate(self.cells)", "enumerate(self.cells[:2])", "layers_unused"),
    ("output_size)\n\n    def", "output_size, bias)\n\n    def", "readout_bias_missing"),
    ("list(hx)", "[s for s in hx.flip(0)]", "hx_misplaced"),
    ("list(hx)", "[*hx.unbind(1)]", "hx_refused"),
    ("list(hx)", "[zero] * len(hx)", "hx_ignored"),
)


@pytest.mark.parametrize(("old", "new", "name"), ONE_SLIP, ids=[name for *_, name in ONE_SLIP])
def test_one_slip_is_told_by_its_name_and_costs_one_criterion(old, new, name):
    lost = []
    for source in (RIGHT, RIGHT.replace(old, new)):
        namespace: dict = {"__name__": "__main__"}
        exec(source, namespace)
        report = RNN_MODEL.report(LocalSubject(namespace), 1)
        lost.append({v.criterion.id for v in report.verdicts if not v.passed})
        names = [m.id for m in report.misconceptions]
    assert name in names
    assert len(lost[1] - lost[0]) == 1  # it has no gated cells, which costs what it costs
