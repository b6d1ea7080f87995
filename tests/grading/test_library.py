"""What was to be written is not borrowed: library layers are heard, ways into the checks seen."""

import sys
import threading
from functools import cache
from pathlib import Path

import pytest
import torch

from rnn_course.checks.overheard import Overheard
from rnn_course.checks.reaching import reached, reaching_modules
from rnn_course.checks.requests import Description, Outcome
from rnn_course.checks.values import Raised
from rnn_course.grading.attacks.cell_attacks import Grade, grader, try_on_judge
from rnn_course.grading.attacks.corpus import Attack, read_attack, read_attacks

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "submissions" / "attacks"
ATTACKS = read_attacks(CORPUS)
BORROWED = [a.name for a in ATTACKS if a.name.startswith(("wrap", "inherit", "use_"))]


@pytest.fixture(scope="module")
def overheard() -> Overheard:
    return Overheard()


def use_in_thread(layer: torch.nn.Module) -> None:
    thread = threading.Thread(target=layer, args=(torch.ones(2, 3),))
    thread.start()
    thread.join()


def use_unwatched(layer: torch.nn.Module) -> None:
    with torch._C.DisableTorchFunction():
        layer(torch.ones(2, 3))


def use_operator(layer: torch.nn.Module) -> None:
    state = [torch.zeros(2, 4)] * 2
    torch.ops.aten.lstm_cell.default(torch.ones(2, 3), state, layer.weight_ih, layer.weight_hh)


def use_without_gradients(layer: torch.nn.Module) -> None:
    with torch.inference_mode():
        layer(torch.ones(2, 3))


def use_under_a_transform(layer: torch.nn.Module) -> None:
    torch.func.jacrev(lambda row: layer(row)[0])(torch.ones(5, 3))


@pytest.mark.parametrize(
    "use",
    [use_in_thread, use_unwatched, use_operator, use_without_gradients, use_under_a_transform],
)
def test_a_library_cell_is_heard_whatever_way_leads_to_it(overheard: Overheard, use) -> None:
    overheard.forget()
    assert overheard.add_to([Outcome()]) == [Outcome()]
    use(torch.nn.LSTMCell(3, 4))
    assert overheard.add_to([Outcome(used=("gru",))]) == [Outcome(used=("gru", "lstm_cell"))]


def test_a_library_layer_computes_what_it_did(overheard: Overheard) -> None:
    torch.manual_seed(0)
    layer, x = torch.nn.LSTM(3, 4), torch.ones(5, 2, 3, requires_grad=True)
    cell, h, c = torch.nn.LSTMCell(3, 4), torch.zeros(2, 4), torch.zeros(2, 4)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in layer.state_dict().items()})
    for row in x:
        h, c = cell(row, (h, c))
    torch.testing.assert_close(layer(x)[0][-1], h)
    (slope,) = torch.autograd.grad(h.sum(), x)
    assert slope.abs().min() > 0
    assert overheard.add_to(Outcome()).used == ("lstm", "lstm_cell")


def test_answers_that_are_no_outcomes_stay_as_they_are(overheard: Overheard) -> None:
    torch.nn.GRUCell(3, 4)(torch.ones(2, 3))
    for answer in (Description("missing"), Raised("TypeError", "")):
        assert overheard.add_to(answer) is answer


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from rnn_course.checks.notebook import notebook", []),
        ("# rnn_course.checks.watch is not named\n'see rnn_course.checks.watch for more'", []),
        ("model.eval()\nx.__class__\nrnn_course.data.spell(1)", []),
        ("from rnn_course.checks import watch", ["rnn_course.checks", "rnn_course.checks.watch"]),
        ("from rnn_course import grading", ["rnn_course.grading"]),
        ("import rnn_course.grading.sandbox.kernel as k", ["rnn_course.grading.sandbox.kernel"]),
        ("rnn_course.checks.watch.WATCHED", ["rnn_course.checks"]),
        ("import_module('rnn_course.checks.wire')", ["rnn_course.checks.wire"]),
        ("%matplotlib inline\nfrom rnn_course.checks import *", ["rnn_course.checks"]),
        ("x = !ls\nimport rnn_course.checks.wire", ["rnn_course.checks.wire"]),
        ("f.__globals__; getattr(k, 'shell_handlers')", ["__globals__", "shell_handlers"]),
    ],
)
def test_a_cell_that_reaches_into_the_checks_is_seen(source: str, names: list[str]) -> None:
    assert set(reached(source)) >= set(names)
    assert bool(reached(source)) == bool(names)


def test_a_module_reaches_there_by_itself_or_through_another_and_a_copy_of_ours_does_not() -> None:
    code = b"from rnn_course.checks import watch\nwatch.WATCHED = ()"
    files = {"helper.py": code, "rnn_course/checks/observe.py": code, "x.txt": code}
    files |= {"friend.py": b"import helper", "other.py": b"import numpy"}
    names = ["rnn_course.checks"]
    assert reaching_modules(files) == {"helper": names, "friend": names}
    assert reaching_modules({"a.py": b"from rnn_course.checks.notebook import x"}) == {}


@pytest.fixture(scope="module")
def grade() -> Grade:
    if sys.platform != "linux":
        pytest.skip("the wall needs Linux")
    return grader(ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("name", BORROWED)
def test_what_was_to_be_written_is_not_borrowed(name: str, grade: Grade) -> None:
    _, result = grade(read_attack(CORPUS / f"{name}.py").code)
    assert result.score == 0
    assert "review" in [incident.kind for incident in result.incidents]
    seen = " ".join(verdict.message for verdict in result.questions[0].verdicts)
    assert "uses torch" in seen or "what checks it (rnn_course." in seen, seen


@cache
def blank_of(coursework: str, question: str) -> tuple[Grade, float]:
    made = grader(ROOT, (coursework, question))
    return made, made("")[1].score


@pytest.mark.slow
@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.way == "borrow"], ids=lambda a: a.name)
def test_what_somebody_else_computes_is_not_awarded_or_is_for_review(attack: Attack) -> None:
    if sys.platform != "linux":
        pytest.skip("the wall needs Linux")
    assert try_on_judge(attack, *blank_of(*attack.of)).harm == []
