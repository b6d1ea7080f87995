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
