import numpy as np
import pytest
from torch import nn

from rnn_course.checks.coursework import Marking
from rnn_course.checks.forbidden import differentiated, forbidden
from rnn_course.checks.generic import close, differs, explain_error, unsound, usable
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Call, Outcome, Program
from rnn_course.checks.values import Opaque, Raised, Tensor


def marking() -> Marking:
    return Marking((Criterion("all", "All of it", 3),))


@pytest.mark.parametrize(
    ("error", "id"),
    [
        (Raised("NotImplementedError", ""), "not_written"),
        (Raised("NameError", "name 'hidden' is not defined"), "unknown_name"),
        (
            Raised("TypeError", "f() takes 2 positional arguments but 3 were given"),
            "wrong_signature",
        ),
        (
            Raised("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x4)"),
            "shapes_disagree",
        ),
        (
            Raised("RuntimeError", "expected m1 and m2 to have the same dtype, but got: double"),
            "fixed_dtype",
        ),
        (
            Raised("ValueError", "RNN input dtype (float32) does not match weight dtype (float64)"),
            "fixed_dtype",
        ),
        (
            Raised("RuntimeError", "Tensor on device cpu is not on the expected device meta!"),
            "fixed_device",
        ),
        (
            Raised("RuntimeError", "modified by an inplace operation: [torch.DoubleTensor [3]]"),
            "in_place_gradient",
        ),
        (Raised("ValueError", "something else"), "raises"),
    ],
)
def test_exceptions_are_explained(error: Raised, id: str) -> None:
    message, misconception = explain_error(error)
    assert misconception.id == id
    assert error.type in message


@pytest.mark.parametrize(
    ("outcome", "id", "text"),
    [
        (Outcome(value=None), "returns_nothing", "hy is None"),
        (Outcome(value=None, printed="tensor([1.])"), "prints_instead_of_returning", "None"),
        (Outcome(value=Opaque("Linear")), "wrong_type", "object of type Linear"),
        (Outcome(value=Tensor.of(np.zeros((2, 4)))), "wrong_shape", "(2, 4); (2, 3) is right"),
        (Outcome(value=Tensor.of(np.full((2, 3), np.nan))), "not_finite", "6 of 6 numbers"),
        (Outcome(value=Tensor.of(np.zeros((2, 3), "float32"))), "fixed_dtype", "float32"),
    ],
)
def test_unsound_results_are_named(outcome: Outcome, id: str, text: str) -> None:
    finding = unsound(outcome, (2, 3), "hy", dtype="float64")
    assert finding.misconception.id == id
    assert text in finding.message


def test_a_part_that_is_not_there_is_named() -> None:
    finding = unsound(Outcome(value=Opaque("Box")), (2, 3), "hy", path=(0,))
    assert finding.misconception.id == "wrong_type"


def test_a_sound_result_has_no_finding() -> None:
    assert unsound(Outcome(value=(Tensor.of(np.ones((2, 3))),)), (2, 3), "hy", path=(0,)) is None


def test_differences_say_how_many_and_where() -> None:
    right = np.zeros((2, 3))
    wrong = right.copy()
    wrong[1, 2] = 0.5
    assert (
        "1 of 6 numbers differ; hy[1, 2] is 0.5 where 0 is right" in differs(wrong, right, "hy")[0]
    )
    assert differs(right + 1e-12, right, "hy") is None
    assert not close(right[0], right)
    assert not close(np.full((2, 3), np.nan), right)
    assert close(np.full(3, 1e6) + 1e-5, np.full(3, 1e6), 1e-9)


def namespace(code: str) -> LocalSubject:
    scope = {"nn": nn}
    exec(code, scope)
    return LocalSubject(scope)


@pytest.mark.parametrize(
    ("code", "id"),
    [
        ("", "name_missing"),
        ("Cell = 3", "wrong_kind"),
        ("def Cell(a, b): pass", "wrong_kind"),
        ("class Cell: pass", "wrong_kind"),
        ("class Cell(nn.Module):\n def __init__(self, b, a): pass", "wrong_signature"),
        ("class Cell(nn.Module):\n def __init__(self, a): pass", "wrong_signature"),
        ("class Cell(nn.Module):\n def __init__(self, a, b, c): pass", "wrong_signature"),
    ],
)
def test_names_that_cannot_be_used_fail_everything(code: str, id: str) -> None:
    marks = marking()
    assert not usable(namespace(code), marks, "Cell", ("a", "b"))
    assert [v.misconception.id for v in marks.verdicts()] == [id]


@pytest.mark.parametrize("arguments", ["a, b", "a, b, c=1", "x, y", "*args", "*args, **kwargs"])
def test_equivalent_signatures_are_accepted(arguments: str) -> None:
    code = f"class Cell(nn.Module):\n def __init__(self, {arguments}): pass"
    assert usable(namespace(code), marking(), "Cell", ("a", "b"))


def test_a_subclass_of_the_solution_is_forbidden() -> None:
    marks = marking()
    assert forbidden(namespace("class Cell(nn.LSTMCell): pass"), marks, "Cell")
    assert marks.verdicts()[0].misconception.id == "calls_the_solution"
    assert "LSTMCell" in marks.incidents[0]


def test_a_call_that_was_watched_is_forbidden() -> None:
    subject = namespace("class Cell(nn.Module): pass")
    marks = marking()
    assert forbidden(subject, marks, "Cell", outcomes=[Outcome(used=("lstm_cell",))])
    assert not forbidden(subject, marking(), "Cell", outcomes=[Outcome()])


AUTOMATIC = """
import torch

def slope(x):
    x = torch.tensor(x, requires_grad=True)
    {how}
    return x.grad

def by_hand(x):  # without autograd
    return 2 * x
"""


@pytest.mark.parametrize("how", ["(x * x).backward()", "torch.autograd.grad(x * x, x)"])
def test_derivatives_that_torch_took_are_not_by_hand(how: str) -> None:
    namespace: dict = {}
    exec(AUTOMATIC.format(how=how), namespace)
    subject, marks = LocalSubject(namespace), marking()
    marks.passed("all")
    outcomes = subject.ask(Program((Call("slope", (3.0,)),)))
    assert differentiated(subject, marks, "slope", outcomes)
    (verdict,) = marks.verdicts()
    assert verdict.misconception.id == "differentiated_automatically"
    assert verdict.score == 0
    assert "slope lets torch differentiate" in marks.incidents[0]


def test_derivatives_by_hand_pass() -> None:
    namespace: dict = {}
    exec(AUTOMATIC.format(how="pass"), namespace)
    subject, marks = LocalSubject(namespace), marking()
    outcomes = subject.ask(Program((Call("by_hand", (3.0,)),)))
    assert not differentiated(subject, marks, "by_hand", outcomes)


def test_a_differentiation_is_no_forbidden_call_where_it_is_allowed() -> None:
    subject, marks = LocalSubject({}), marking()
    assert not forbidden(subject, marks, "slope", outcomes=[Outcome(used=("autograd",))])
