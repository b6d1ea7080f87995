"""What a student reads; the verdicts on many programs are the corpus' business."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import torch

from rnn_course.checks.local import LocalSubject
from rnn_course.checks.report import Report
from rnn_course.checks.requests import Request
from rnn_course.courseworks.cw2_speech_commands import COURSEWORK

LSTM = """
import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(len(input), self.hidden_size),) * 2
        h, c = hx
        i, f, g, o = (self.x(input) + self.h(h)).chunk(4, 1)
        cy = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * cy.tanh(), cy
"""


def judged(source: str, seed: int = 1) -> Report:
    namespace: dict = {}
    exec(source, namespace)
    return COURSEWORK["lstm_cell"].report(LocalSubject(namespace), seed)


def swapped(old: str, new: str) -> Report:
    assert old in LSTM
    return judged(LSTM.replace(old, new))


def test_a_right_cell_earns_everything_whatever_the_seed() -> None:
    for seed in range(3):
        report = judged(LSTM, seed)
        assert (report.score, report.status, report.notes) == (15, "passed", ())


def test_a_right_cell_is_asked_in_few_messages() -> None:
    class Counted(LocalSubject):
        sent = 0

        def answers(self, requests: Sequence[Request]) -> Iterator[Any]:
            self.sent += bool(requests)
            return super().answers(requests)

    namespace: dict = {}
    exec(LSTM, namespace)
    subject = Counted(namespace)
    assert COURSEWORK["lstm_cell"].report(subject, 1).status == "passed"
    assert subject.sent <= 8


def test_a_mistake_in_one_equation_costs_that_equation_only() -> None:
    report = swapped("o.sigmoid() * cy.tanh()", "o.sigmoid() * cy")
    (failed,) = [v for v in report.verdicts if not v.passed]
    assert (failed.criterion.id, report.score) == ("output", 12)
    assert "No weights explain the hidden state: off by " in failed.message
    assert failed.misconception.id == "no_output_tanh"


def test_unused_parameters_and_offsets_are_mentioned_and_cost_nothing() -> None:
    report = swapped(
        "super().__init__()", "super().__init__(); self.w = nn.Parameter(torch.ones(2))"
    )
    assert (report.score, report.notes) == (15, ("Nothing reads the parameter `w`.",))
    report = swapped("f.sigmoid()", "(f + (self.x.bias is not None)).sigmoid()")
    assert report.score == 15
    assert "0.731 of the old state is kept, not 0.5" in report.notes[0]


def test_a_constant_in_a_gate_is_told_where_there_should_be_no_bias() -> None:
    report = swapped("f.sigmoid()", "(f + 1).sigmoid()")
    assert (report.score, [m.id for m in report.misconceptions]) == (14, ["constant_in_gate"])
    (failed,) = [v for v in report.verdicts if not v.passed]
    assert failed.message.startswith("With bias=False a gate's sum is 1 where input and state")


@pytest.mark.parametrize("most", [1, 1.7, 3, 10, 200])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cell_state_that_is_cut_off_costs_one_criterion_wherever(most: float, seed: int) -> None:
    cut = LSTM.replace(
        "i.sigmoid() * g.tanh()", f"i.sigmoid() * g.tanh(); cy = cy.clamp(-{most}, {most})"
    )
    report = judged(cut, seed)
    assert (report.score, [m.id for m in report.misconceptions]) == (13, ["cell_clipped"])


def test_randomness_costs_one_criterion() -> None:
    report = swapped("cy.tanh(), cy", "nn.functional.dropout(cy.tanh()), cy")
    assert (report.score, [m.id for m in report.misconceptions]) == (13, ["random_result"])


@pytest.mark.parametrize(
    "lost", ["hy.squeeze(), cy.squeeze()", "hy.squeeze(), cy", "hy.squeeze(-1), cy"]
)
def test_an_axis_that_is_lost_costs_one_criterion(lost: str) -> None:
    report = swapped(
        "return o.sigmoid() * cy.tanh(), cy", f"hy = o.sigmoid() * cy.tanh(); return {lost}"
    )
    assert (report.score, [m.id for m in report.misconceptions]) == (13, ["axis_lost"])


@pytest.mark.parametrize("form", ["torch.stack([hy, cy])", "{'h': hy, 'c': cy}", "hy, cy, o"])
def test_states_in_another_form_are_looked_at_all_the_same(form: str) -> None:
    report = swapped(
        "return o.sigmoid() * cy.tanh(), cy", f"hy = o.sigmoid() * cy.tanh(); return {form}"
    )
    assert report.score >= 11
    assert [m.id for m in report.misconceptions] == ["states_in_another_form"]


def test_a_cut_gradient_is_told_in_numbers() -> None:
    report = swapped("h, c = hx", "h, c = hx[0], hx[1].detach()")
    (failed,) = [v for v in report.verdicts if not v.passed]
    assert failed.criterion.id == "gradients"
    assert "along a random direction through three steps is" in failed.message
    assert "differences give" in failed.message


def test_gates_that_share_weights_are_named_with_the_gates() -> None:
    report = swapped("f.sigmoid() * c", "i.sigmoid() * c")
    (failed,) = [v for v in report.verdicts if not v.passed]
    assert "input gate and forget gate have equal weights" in failed.message


def test_calling_the_solution_is_reported_to_the_instructor() -> None:
    report = swapped("h, c = hx", "return nn.LSTMCell(1, 2)(torch.ones(1, 1))")
    assert report.score == 0
    assert report.incidents == ("LSTMCell uses torch's lstm_cell, which it was to implement.",)


def test_calling_the_solution_in_training_only_is_found_as_well() -> None:
    call = "if self.training: nn.LSTMCell(1, 2)(torch.ones(1, 1))"
    report = swapped("h, c = hx", f"h, c = hx\n        {call}")
    assert report.score == 0
    assert report.incidents[-1].startswith("LSTMCell uses torch's lstm_cell")


def test_sizes_that_must_be_equal_cost_one_criterion() -> None:
    report = swapped("nn.Linear(input_size, ", "nn.Linear(hidden_size, ")
    assert [v.criterion.id for v in report.verdicts if not v.passed] == ["batch"]
    assert report.misconceptions[0].id == "inputs_and_hidden_confused"


def test_weights_outside_the_parameters_are_found() -> None:
    report = judged(
        LSTM.replace(
            "self.h = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)",
            "self.U = [nn.Linear(hidden_size, 4 * hidden_size)]",
        ).replace("self.h(h)", "self.U[0](h)")
    )
    (failed,) = [v for v in report.verdicts if v.criterion.id == "gradients"]
    assert failed.misconception.id == "parameters_not_registered"
    assert report.score == 12  # the rest is judged as if they were; one has a bias always


def test_global_state_is_as_before() -> None:
    swapped("super().__init__()", "super().__init__(); torch.set_default_dtype(torch.float64)")
    assert torch.get_default_dtype() == torch.float32


@pytest.mark.parametrize("calls", [1, 2, 3, 5, 8, 13, 21])
def test_a_cell_that_breaks_down_at_some_call_gets_a_report(calls: int) -> None:
    report = swapped(
        "h, c = hx",
        f"h, c = hx\n        type(self).n = getattr(type(self), 'n', 0) + 1\n"
        f"        if self.n >= {calls}:\n            raise ValueError('enough')",
    )
    assert report.score < 15


@pytest.mark.parametrize(
    "result", ["None", "(hy, None)", "(1, 2)", "(hy[:1], cy)", "(hy, cy[0])", "hy"]
)
def test_whatever_is_returned_there_is_a_report(result: str) -> None:
    report = swapped(
        "return o.sigmoid() * cy.tanh(), cy", f"hy = o.sigmoid() * cy.tanh(); return {result}"
    )
    assert report.score <= 13
    assert report.misconceptions


@pytest.mark.parametrize("seed", [104, 107])
def test_a_normalised_weight_is_free_though_at_one_setting_it_hardly_moves(seed):
    normalised = LSTM
    for name, size in (("x", "input_size"), ("h", "hidden_size")):
        layer = f"nn.Linear({size}, 4 * hidden_size, bias=bias)"
        assert f"self.{name} = {layer}" in normalised
        normalised = normalised.replace(
            f"self.{name} = {layer}",
            f"self.{name} = nn.utils.parametrizations.weight_norm({layer})",
        )
    report = judged(normalised, seed)
    assert report.score == report.max_score
