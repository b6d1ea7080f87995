"""A question as data: recorded, packed as bytes, and judged without its model answer."""

from dataclasses import replace

import numpy as np
import pytest
from softmax_loss import ABOVE, MODEL, QUESTION, SOURCE, answered

from rnn_course.checks import Build, Call, Case, Fetch, Mistake, Part, Ref, compare
from rnn_course.checks.judging import judge
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.observation import Loose, Path, Trial, see
from rnn_course.checks.recording import Source, audited, record
from rnn_course.checks.recording_data import as_data, from_data
from rnn_course.checks.report import Report
from rnn_course.checks.requests import Outcome
from rnn_course.checks.values import Raised, Tensor
from rnn_course.checks.wire import decode, encode
from rnn_course.checks.wording import call_text
from rnn_course.errors import AuthoringError, CheckError

SEED = 3


def through_bytes(recording):
    return from_data(decode(encode(as_data(recording))))


RECORDING = through_bytes(record(QUESTION.comparison, SOURCE, SEED, read="Loss"))


def report(namespace, recording=RECORDING, question=QUESTION) -> Report:
    judged = replace(
        question, judge=lambda subject, seed, marking: judge(recording, subject, marking)
    )
    return judged.report(LocalSubject(namespace), 0)


def told(found: Report) -> dict[str, str]:
    return {
        v.criterion.id: v.misconception.id if v.misconception else "nothing"
        for v in found.verdicts
        if not v.passed
    }


def test_the_model_answer_and_other_right_ones_earn_everything():
    assert report(answered()).status == "passed"
    assert report(answered("-log_p[rows, y].mean(), X.T", "float(-log_p[rows, y].mean()), X.T"))
    listed = answered(
        "return -log_p[rows, y].mean(), X.T @ delta / len(y)",
        "return [-log_p[rows, y].mean(), (X.T @ delta / len(y)).tolist()]",
    )
    assert report(listed).status == "passed"


def test_a_declared_mistake_is_told_by_its_name_and_costs_its_part_only():
    found = report(answered(".mean(), X.T", ".sum(), X.T"))
    assert told(found)["loss"] == "sum_for_mean"
    assert found.score == 5
    verdict = found.verdicts[0]
    assert verdict.misconception.read == "Loss"
    assert "is right" in verdict.message


def test_two_mistakes_at_once_are_both_told():
    found = report(
        answered(
            "return -log_p[rows, y].mean(), X.T @ delta / len(y)",
            "return -log_p[rows, y].sum(), X.T @ delta",
        )
    )
    assert told(found)["loss"] == "sum_for_mean"
    assert told(found)["gradient"] == "not_divided"


def test_what_nobody_declared_is_told_by_its_kind_without_a_line_of_the_model_answer():
    found = report(answered("scores.max(axis=1", "-scores.max(axis=1"))
    assert found.status != "passed"
    found = report(answered("return -log_p", "return log_p"))
    assert told(found)["loss"] == "sign"
    text = found.text()
    assert "A sign is reversed." in text
    assert not [line for line in MODEL.splitlines()[2:] if line.strip() in text]


def test_the_smallest_case_is_shown_as_a_call_that_shows_the_mistake_when_pasted():
    names = answered(".mean(), X.T", ".sum(), X.T")
    verdict = report(names).verdicts[0]
    assert verdict.example.startswith("softmax_loss(np.array(")
    came = eval(verdict.example, names)[0]
    right = eval(verdict.example, answered())[0]
    assert f"{came:.6g} where {right:.6g} is right" in verdict.message


@pytest.mark.parametrize(
    ("old", "new", "criterion", "name"),
    [
        ("return -log_p", "return None\n    return -log_p", "loss", "returns_nothing"),
        ("return -log_p", "print(log_p)\n    return None\n    return -log_p", "loss",
         "prints_instead_of_returning"),
        ("scores = X @ W", "X -= 1\n    scores = X @ W", "pure", "inputs_changed"),
        ("scores = X @ W", "scores = X @ W + np.random.rand(W.shape[1])", "pure",
         "other_result_each_time"),
        ("shifted = scores - scores.max(axis=1, keepdims=True)", "shifted = scores", "stable",
         "not_finite"),
        ("scores = X @ W", "raise NotImplementedError", "loss", "not_written"),
        ("scores = X @ W", "scores = X[:2, :3] @ W", "loss", "hard_coded_size"),
        ("X.T @ delta / len(y)", "(X.T @ delta / len(y)).sum(0)", "gradient", "wrong_shape"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_any_question_is_named(old, new, criterion, name):
    assert told(report(answered(old, new)))[criterion] == name


def test_a_name_that_is_missing_or_no_function():
    assert report({"np": np}).status == "missing"
    assert told(report({"softmax_loss": 3}))["loss"] == "wrong_kind"


def test_the_same_marks_at_every_seed():
    # mutants give names and no marks
    recordings = [record(QUESTION.comparison, SOURCE, seed, named=False) for seed in range(5)]
    for old, new in [("", ""), (".mean(), X.T", ".sum(), X.T"), ("return -log_p", "return log_p")]:
        found = {
            tuple(verdict.score for verdict in report(answered(old, new), recording).verdicts)
            for recording in recordings
        }
        assert len(found) == 1


def test_a_recording_holds_no_line_of_the_model_answer():
    packed = encode(as_data(RECORDING))
    lines = [line.strip().encode() for line in MODEL.splitlines()[2:] if line.strip()]
    assert not [line for line in lines if line in packed]


def test_recordings_are_the_same_again():
    again = record(QUESTION.comparison, SOURCE, SEED, read="Loss")
    assert encode(as_data(again)) == encode(as_data(RECORDING))


@pytest.mark.parametrize(("lengths", "survives"), [((1, 1), True), ((3, 1), False)])
def test_mutants_show_which_case_is_missing(lengths, survives):
    """With one number in every row nobody can tell a mean from a sum."""

    def cases(rng):
        return (Case("", {"result": Call("f", (rng.normal(size=n),))}) for n in lengths)

    question = compare("f", "Q", cases=cases, parts=(Part("v", "Value", 1),))
    source = Source("f", "def f(x):\n    return x.mean()\n")
    found = {m.operator: differs for m, differs in audited(question.comparison, source, SEED)}
    assert (not found["mean_for_sum"]) == survives


def test_an_edit_that_does_not_apply_says_so():
    wrong = compare(
        "softmax_loss",
        "Q",
        cases=QUESTION.comparison.cases,
        parts=QUESTION.comparison.parts,
        mistakes=(Mistake("m", "s", "w", (("no such text", ""),)),),
    )
    with pytest.raises(AuthoringError, match=r"softmax_loss, m\). Got it is not there"):
        record(wrong.comparison, SOURCE, SEED)


def test_a_model_answer_that_does_not_run_says_so():
    source = Source("softmax_loss", MODEL, "")
    with pytest.raises(AuthoringError, match=r"to give loss .*Got raises NameError"):
        record(QUESTION.comparison, source, SEED)


def test_damaged_data_is_no_recording():
    with pytest.raises(CheckError, match="recorded checks of this version"):
        from_data({"parts": []})


def test_an_endless_mutant_does_not_stop_the_recording():
    text = """
def count(n):
    i, total = 0, 0
    while i < n:
        i += 1
        total += i
    return total
"""
    question = compare(
        "count",
        "Q",
        cases=lambda rng: (Case(f"n = {n}", {"result": Call("count", (n,))}) for n in (3, 5, 0)),
        parts=(Part("sum", "The sum", 1),),
    )
    recording = record(question.comparison, Source("count", text), SEED)
    assert any(v.id == "off_by_one" for v in recording.variants)


# Earlier answers, follow-through, optional arguments


STEP = "def step(h):\n    return h / 2 + 1\n"
WALK = "def walk(h, n):\n    for _ in range(n):\n        h = step(h)\n    return h\n"
WALKED = compare(
    "walk",
    "Q",
    cases=lambda rng: (Case(f"n = {n}", {"result": Call("walk", (1.5, n))}) for n in (2, 3, 0)),
    parts=(Part("end", "The end", 2),),
    given=("step",),
)


@pytest.mark.parametrize(
    "step", ["def step(h):\n    return 0\n", "def step(h):\n    raise NotImplementedError\n"]
)
def test_a_mistake_in_an_earlier_answer_costs_nothing_here(step):
    recording = through_bytes(record(WALKED.comparison, Source("walk", WALK, STEP), SEED))
    found = report(answered(text=step + WALK), recording, WALKED)
    assert found.score == 2
    assert "given a right `step`: yours is not right yet" in found.verdicts[0].message
    lazy = answered(text=step + WALK.replace("range(n)", "range(n - 1)"))
    assert report(lazy, recording, WALKED).score == 0


def test_a_part_that_follows_is_judged_where_its_forerunner_cannot_show():
    text = "def both(x):\n    h = x + 1\n    return h, 3 * h\n"

    def cases(rng):
        for x in (1.0, 2.0, 5.0):
            yield Case(f"x = {x}", {"result": Call("both", (x,))}, "small")
        yield Case("x = -1", {"result": Call("both", (-1.0,))}, "apart")

    question = compare(
        "both",
        "Q",
        cases=cases,
        parts=(
            Part("h", "The state", 2, "result.0", groups=("small",)),
            Part("y", "The score", 2, "result.1", follows="h", apart=("apart",)),
        ),
    )
    recording = record(question.comparison, Source("both", text), SEED)
    slip = answered(text=text.replace("x + 1", "2 * (x + 1)"))
    found = report(slip, recording, question)
    assert [v.score for v in found.verdicts] == [0, 2]
    assert "Right for what you hand on" in found.verdicts[1].message


def test_an_optional_argument_that_is_not_taken_costs_nothing():
    text = "def f(x, twice=False):\n    return 2 * x if twice else x\n"

    def cases(rng):
        yield Case("x", {"result": Call("f", (1.5,))})
        yield Case("twice", {"result": Call("f", (1.5,), {"twice": True})}, optional=True)

    question = compare("f", "Q", cases=cases, parts=(Part("v", "Value", 1),))
    recording = record(question.comparison, Source("f", text), SEED)
    assert report(answered(text="def f(x):\n    return x\n"), recording, question).score == 1
    ignored = answered(text="def f(x, twice=False):\n    return x\n")
    assert report(ignored, recording, question).score == 0


def test_a_class_is_built_called_and_its_mode_looked_at():
    text = """
from torch import nn
class Double(nn.Module):
    def forward(self, x):
        return 2 * x
"""

    def cases(rng):
        steps = {
            "model": Build("Double"),
            "out": Call(Ref("model"), (Tensor.of(rng.normal(size=3)),)),
            "mode": Fetch(Ref("model"), "mode"),
        }
        yield Case("a vector", steps)

    question = compare(
        "double",
        "Q",
        cases=cases,
        parts=(Part("v", "Value", 1, "out"), Part("m", "Mode", 1, "mode")),
        defines=("Double",),
    )
    recording = through_bytes(record(question.comparison, Source("double", text), SEED))
    assert report(answered(text=text), recording, question).status == "passed"
    evaluating = text.replace("return 2", "self.eval()\n        return 2")
    assert [v.score for v in report(answered(text=evaluating), recording, question).verdicts] == [
        1,
        0,
    ]


# Paths


@pytest.mark.parametrize(
    ("path", "structure"),
    [
        ("result", "[(2),{a:()}]"),
        ("result.0", "(2)"),
        ("x=result.1.a", "()"),
        ("result.5", "nothing there"),
        ("result.0.:1==result.0.:1", "b()"),
        ("result@raised", "''"),
        ("result@dtype", "[float64,{a:int}]"),
        ("broken", "raises ValueError"),
        ("broken@raised", "'ValueError'"),
    ],
)
def test_a_path_sees(path, structure):
    good = Outcome(value=([1.0, 2.0], {"a": 3}) if "dtype" not in path else (np.ones(2), {"a": 3}))
    trial = Trial({"result": good, "broken": Outcome(error=Raised("ValueError", "x"))})
    assert Path.parse(path).look(trial).structure == structure


def test_a_step_that_a_case_lacks_is_not_looked_at():
    assert Path.parse("other").look(Trial({})) is None


def test_containers_shapes_and_orders_are_as_strict_as_asked():
    assert see([1.0, 2.0]).structure == see(np.array([1.0, 2.0])).structure == see((1, 2)).structure
    same = Loose(container="same")
    assert see([1, 2], same).structure != see((1, 2), same).structure
    free = Loose(shape="free")
    assert see(np.ones((2, 3)), free).structure == see(np.ones(6), free).structure
    anyhow = Loose(order="free")
    assert see(["b", "a"], anyhow).structure == see(["a", "b"], anyhow).structure
    assert see(np.array([1, np.nan, np.inf])).structure == "(3)|.n+"
    assert ABOVE


def test_a_pasted_call_names_what_it_needs_and_shows_nothing_else():
    steps = {
        "other": Call("g", (1,)),
        "first": Call("f", (2.5,)),
        "second": Call("f", (Ref("first", (0,)),)),
    }
    packed = Case("", dict(zip(steps, Case("", steps).program, strict=True)))
    for case in (Case("", steps), packed):
        assert call_text(case, "second") == "first = f(2.5)\nsecond = f(first[0])"
        assert call_text(case, "other") == "g(1)"
        assert call_text(case).count("\n") == 2
