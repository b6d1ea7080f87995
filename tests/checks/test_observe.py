import random

import numpy as np
import pytest
import torch

from rnn_course.checks.local import LocalSubject
from rnn_course.checks.requests import (
    Anatomy,
    Build,
    Call,
    Describe,
    Fetch,
    Inspect,
    Load,
    Pass,
    Program,
    Run,
    Train,
)
from rnn_course.checks.values import Opaque, Raised, Ref, Rng, Tensor

SOURCE = '''
import numpy as np
import torch
from torch import nn


class Cell(nn.Module):
    """Adds a linear map of the input to the state."""

    def __init__(self, size, scale=1.0):
        super().__init__()
        self.linear = nn.Linear(size, size)
        self.register_buffer("seen", torch.zeros(1))
        self.scale = scale

    def forward(self, x, h=None):
        h = torch.zeros_like(x) if h is None else h
        return h + self.scale * self.linear(x)


def double(x):
    print("doubling")
    x *= 2
    return x


def fail(x):
    raise ValueError("no " + str(x))


def batches(rng, n):
    return {"noise": rng.normal(size=n), "model": Cell(2)}


class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(2, 2)

    def forward(self, x):
        return self.cell(x)


def rude():
    torch.set_default_dtype(torch.float16)
    torch.manual_seed(3)
    np.random.seed(3)
    np.seterr(all="raise")
    torch.set_grad_enabled(False)
    torch.set_num_threads(3)


class Strange:
    def __eq__(self, other):
        return True

    def __repr__(self):
        raise RuntimeError("never look at me")


class Liar:
    @property
    def __class__(self):
        raise RuntimeError("I have no class")


def lie(x):
    return Liar()


strange = Strange()
liar = Liar()
number = 3
'''


@pytest.fixture
def subject() -> LocalSubject:
    namespace: dict = {"__name__": "student"}
    exec(SOURCE, namespace)
    return LocalSubject(namespace)


def test_describe_tells_a_module_from_a_function_from_a_value(subject: LocalSubject) -> None:
    cell = subject.ask(Describe("Cell"))
    assert (cell.kind, cell.signature) == ("module", (("size", ""), ("scale", "1.0")))
    assert "torch.nn.modules.module.Module" in cell.bases
    assert subject.ask(Describe("double")).signature == (("x", ""),)
    assert subject.ask(Describe("number")).value == 3
    assert subject.ask(Describe("Strange")).kind == "class"
    assert subject.ask(Describe("nothing")).kind == "missing"


def test_an_object_that_hates_being_looked_at_is_opaque(subject: LocalSubject) -> None:
    assert subject.ask(Describe("strange")).value == Opaque("Strange")


def test_inspect_lists_the_parts_of_a_module(subject: LocalSubject) -> None:
    anatomy = subject.ask(Inspect(Build("Cell", (2,))))
    assert isinstance(anatomy, Anatomy)
    assert anatomy.parameters == (
        ("linear.weight", (2, 2), "float64"),
        ("linear.bias", (2,), "float64"),
    )
    assert anatomy.buffers == (("seen", (1,), "float64"),)
    assert anatomy.modules == ("student.Cell", "torch.nn.modules.linear.Linear")
    assert anatomy.initial["linear.weight"].shape == (2, 2)


def test_inspect_reports_a_constructor_that_raises(subject: LocalSubject) -> None:
    raised = subject.ask(Inspect(Build("Cell")))
    assert isinstance(raised, Raised)
    assert raised.type == "TypeError"
    assert "missing 1 required positional argument: 'size'" in raised.text


def test_run_loads_parameters_and_returns_values_and_gradients(subject: LocalSubject) -> None:
    weights = {"linear.weight": np.eye(2) * 3, "linear.bias": np.zeros(2)}
    x = np.array([[1.0, 2.0]])
    case = Pass((x,), parameters=weights, cotangents=np.ones((1, 2)))
    (outcome,) = subject.ask(Run(Build("Cell", (2,)), (case,)))
    assert np.array_equal(outcome.value.data, 3 * x)
    assert np.array_equal(outcome.gradients["inputs"][0], [[3.0, 3.0]])
    assert np.array_equal(outcome.gradients["parameters"]["linear.bias"], [1.0, 1.0])
    assert outcome.changed == ()


def test_run_unrolls_a_cell_over_a_sequence(subject: LocalSubject) -> None:
    xs = np.arange(6.0).reshape(3, 1, 2)
    case = Pass((xs, np.ones((1, 2))), parameters=1.0, unroll=True, cotangents=np.ones((1, 2)))
    (outcome,) = subject.ask(Run(Build("Cell", (2,)), (case,)))
    sums = 1 + np.cumsum(xs.sum(axis=2, keepdims=True) + 1, axis=0)
    assert len(outcome.value) == 3
    assert np.allclose(outcome.value[-1].data, np.broadcast_to(sums[-1], (1, 2)))
    assert outcome.gradients["inputs"][0].shape == (3, 1, 2)
    assert np.array_equal(outcome.gradients["inputs"][1], np.ones((1, 2)))


def test_the_same_seed_builds_the_same_module(subject: LocalSubject) -> None:
    run = Run(Build("Cell", (2,), seed=5), (Pass((np.ones((1, 2)),)),))
    first, again = subject.ask(run)[0], subject.ask(run)[0]
    assert np.array_equal(first.value.data, again.value.data)


def test_meta_tensors_have_a_shape_and_no_numbers(subject: LocalSubject) -> None:
    (outcome,) = subject.ask(Run(Build("Cell", (2,), device="meta"), (Pass((np.ones((4, 2)),)),)))
    assert (outcome.value.data, outcome.value.shape) == (None, (4, 2))
    assert outcome.value.device == "meta"


def test_a_hidden_torch_cell_is_noticed(subject: LocalSubject) -> None:
    (outcome,) = subject.ask(Run(Build("Hidden"), (Pass((np.ones((1, 2)),)),)))
    assert outcome.used == ("gru_cell",)


def test_an_exception_names_type_text_and_the_students_line(subject: LocalSubject) -> None:
    (outcome,) = subject.ask(Program((Call("fail", (3,)),)))
    assert (outcome.error.type, outcome.error.text) == ("ValueError", "no 3")
    assert str(outcome.error).startswith("ValueError: no 3")


def test_changes_in_place_and_prints_are_seen(subject: LocalSubject) -> None:
    sent = np.ones(2)
    (outcome,) = subject.ask(Program((Call("double", (sent,)),)))
    assert outcome.changed == ("0",)
    assert outcome.printed == "doubling\n"
    assert np.array_equal(sent, np.ones(2))


def test_a_program_passes_live_results_on_and_stops_at_the_first_error(
    subject: LocalSubject,
) -> None:
    steps = (
        Call("batches", (Rng(4), 3), keep=True),
        Fetch(Ref(0, ("noise",))),
        Load(Ref(0, ("model",)), 1.0),
        Call(Ref(0, ("model",)), (Tensor.of(np.ones((1, 2), "float32")),)),
        Fetch(Ref(0, ("model",)), "parameters"),
        Call("fail", (1,)),
        Call("double", (np.ones(1),)),
    )
    outcomes = subject.ask(Program(steps))
    assert outcomes[0].value == Opaque("dict")
    assert np.array_equal(outcomes[1].value, np.random.default_rng(4).normal(size=3))
    assert np.array_equal(outcomes[3].value.data, [[3.0, 3.0]])
    assert set(outcomes[4].value) == {"linear.weight", "linear.bias"}
    assert outcomes[5].error.type == "ValueError"
    assert len(outcomes) == 6


def test_a_call_returns_gradients_of_its_tensors(subject: LocalSubject) -> None:
    x = Tensor.of(np.ones((1, 2)), requires_grad=True)
    steps = (Build("Cell", (2,)), Load(Ref(0), 1.0), Call(Ref(0), (x,), cotangents=np.ones((1, 2))))
    outcome = subject.ask(Program(steps))[2]
    assert outcome.error is None
    assert np.array_equal(outcome.gradients["inputs"][0], [[2.0, 2.0]])


def test_train_returns_falling_losses_and_predictions(subject: LocalSubject) -> None:
    x = np.eye(2)
    outcome = subject.ask(Train(Build("Cell", (2,)), (x,), np.array([0, 1]), steps=30, lr=0.1))
    assert outcome.value["losses"][-1] < outcome.value["losses"][0] / 2
    assert outcome.value["logits"].shape == (2, 2)


def test_global_state_is_put_back(subject: LocalSubject) -> None:
    def state() -> tuple:
        return (
            torch.get_default_dtype(),
            torch.get_num_threads(),
            torch.is_grad_enabled(),
            torch.initial_seed() and torch.get_rng_state().sum().item(),
            np.random.get_state()[1].sum(),
            random.getstate(),
            np.geterr(),
        )

    before = state()
    subject.ask(Program((Call("rude"),)))
    assert state() == before


def test_numpys_global_draws_are_the_same_in_each_request_also_inside_another() -> None:
    def told() -> None:
        raise ValueError(str(np.random.rand()))

    def drawn() -> str:
        return LocalSubject({"Told": told}).ask(Run(Build("Told"), (Pass(),)))[0].error.text

    np.random.seed(3)
    first = drawn()
    np.random.seed(4)
    assert float(drawn()) == float(first)
    assert LocalSubject({"ask": drawn}).ask(Program((Call("ask"),)))[0].value == first
    assert np.random.rand() == np.random.RandomState(4).rand()


def test_a_list_that_is_sorted_in_place_is_seen() -> None:
    subject = LocalSubject({"sort": lambda words: words.sort(), "look": lambda words: None})
    for name, words, changed in (
        ("sort", ["b", "a"], ("0",)),
        ("sort", ["a", "b"], ()),
        ("look", [float("nan"), 1], ()),
    ):
        assert subject.ask(Program((Call(name, (words,)),)))[0].changed == changed


def test_names_that_are_not_there_raise_in_the_outcome(subject: LocalSubject) -> None:
    assert subject.ask(Run(Build("Nothing"), (Pass(),)))[0].error.type == "NameError"
    assert subject.ask(Program((Call("nothing"),)))[0].error.type == "NameError"


def test_parameters_that_are_not_there_raise_in_the_outcome(subject: LocalSubject) -> None:
    case = Pass((np.ones((1, 2)),), parameters={"other": np.ones(2)})
    (outcome,) = subject.ask(Run(Build("Cell", (2,)), (case,)))
    assert outcome.error.type == "KeyError"


def test_a_forged_module_that_is_no_module_is_reported() -> None:
    outcome = LocalSubject({"Fake": dict}).ask(Inspect(Build("Fake")))
    assert outcome == Raised("TypeError", "Fake is not a torch.nn.Module")


def test_an_object_without_a_class_costs_only_its_own_answer(subject: LocalSubject) -> None:
    assert subject.ask(Describe("liar")).value == Opaque("RuntimeError")
    (outcome,) = subject.ask(Program((Call("lie", (1,)),)))
    assert outcome.error == Raised("RuntimeError", "I have no class", outcome.error.line)


def test_a_program_builds_with_what_earlier_steps_made(subject: LocalSubject) -> None:
    """An optimizer of torch's own, of the parameters of a module that was built before."""
    steps = (
        Build("Linear", (2, 1), given="torch.nn"),
        Call(Ref(0), method="parameters", keep=True),
        Build("SGD", (Ref(1),), {"lr": 0.5}, given="torch.optim"),
        Call(Ref(2), method="zero_grad"),
    )
    outcomes = subject.ask(Program(steps))
    assert [outcome.error for outcome in outcomes] == [None] * 4


def test_a_calm_build_leaves_randomness_out() -> None:
    source = """
import torch
from torch import nn


class Noisy(nn.Module):
    def forward(self, x):
        return nn.functional.dropout(x, 0.9) + torch.randn_like(x)
"""
    subject = _subject(source)
    x = np.ones((3, 4))
    (calm,) = subject.ask(Run(Build("Noisy", calm=True), (Pass((x,)),)))
    (usual,) = subject.ask(Run(Build("Noisy"), (Pass((x,)),)))
    np.testing.assert_array_equal(calm.value.data, x)
    assert not np.array_equal(usual.value.data, x)


def test_modules_in_plain_lists_can_be_adopted() -> None:
    source = """
from torch import nn


class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(1, 1, bias=False)]
        self.more = {"out": nn.Linear(1, 1, bias=False), "text": "kept"}

    def forward(self, x):
        return self.more["out"](self.layers[0](x))
"""
    subject = _subject(source)
    assert subject.ask(Inspect(Build("Hidden"))).parameters == ()
    found = subject.ask(Inspect(Build("Hidden", adopt=True))).parameters
    assert [name for name, _, _ in found] == ["layers_0.weight", "more_0.weight"]
    case = Pass((np.ones((1, 1)),), parameters=3.0)
    (outcome,) = subject.ask(Run(Build("Hidden", adopt=True), (case,)))
    assert outcome.value.data == 9


def _subject(source: str) -> LocalSubject:
    namespace: dict = {"__name__": "__main__"}
    exec(source, namespace)
    return LocalSubject(namespace)
