"""One step forward, the sequence, one step back: judged by recordings of the questions as data."""

import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from rnn_course.checks import recording
from rnn_course.checks.cell_source import definitions
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.problem import draw

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "solutions" / "cw1_bptt"
CORPUS = ROOT / "tests" / "submissions" / "cw1_bptt"
IDS = ("cell_fn_forward", "rnn_forward", "cell_fn_backward")
NAMES = ("Wxh", "Whh", "Why", "bh", "by")
JUNK = (
    *(None, 3, "text", [], {}, (), (1, 2, 3), (1, 2, 3, 4), np.zeros((3, 4)), float("nan")),
    *([None] * 4, np.array(["a"]), np.array([1j]), ({}, {}, {}, {}), ("a", "b", "c", "d")),
    *(object(), (np.zeros((3, 3), bool), np.zeros((3, 4), int), None)),
    *((dict.fromkeys(NAMES), None), (dict.fromkeys(NAMES, "x"), "a", "b")),
    (dict.fromkeys(NAMES, np.full((2, 2), np.nan)), np.nan, np.nan),
)
NO_BIAS = """
def cell_fn_forward(X, h, model, train=True):
    new = np.tanh(h @ model["Whh"] + X @ model["Wxh"])
    y = new @ model["Why"] + model["by"]
    return (y if train else softmax(y)), new, (X, h, new, model)
"""
STUB = "def cell_fn_forward(X, h, model, train=True):\n    raise NotImplementedError()\n"


@cache
def cells():
    """Return the code cells of the notebook: answers whole, of all others what they define."""
    found = nbformat.read(SOURCE / "bptt.ipynb", 4).cells
    answers = {c.id for c in found if c.metadata.get("nbgrader", {}).get("solution")}
    return {
        c.id: c.source if c.id in answers else definitions(c.source)
        for c in found
        if c.cell_type == "code"
    }


@cache
def asked(ident, seed=5, named=False):
    """Return a question with its judge, and what stands above its answer."""
    question = runpy.run_path(str(SOURCE / "questions" / f"{ident}.py"))["QUESTION"]
    above = "\n".join(list(cells().values())[: list(cells()).index(ident)])
    source = recording.Source(ident, cells()[ident], above)
    comparison = question.comparison if named else replace(question.comparison, mistakes=())
    recorded = recording.record(comparison, source, seed, named=False)
    return replace(question, judge=judged_by(recorded)), above


def report(ident, *texts, seed=5, named=False, **changed):
    question, above = asked(ident, seed, named)
    namespace = {}
    exec("\n".join([above, *texts]), namespace)
    namespace |= changed
    found = question.report(LocalSubject(namespace), seed)
    assert not found.breakdown
    return found


def test_the_model_answers_agree_with_automatic_differentiation():
    problem, known = draw(np.random.default_rng(5), B=3, T=4, D=5, H=4, K=3), {}
    exec("\n".join([cells()["setup"], *(cells()[ident] for ident in IDS)]), known)
    right = oracle.forward(problem)
    h, ys, _, loss = known["rnn_forward"](
        problem.xs, problem.labels, problem.model, problem.state, verbose=False
    )
    assert np.allclose(h, right.states[-1], atol=1e-12)
    assert np.allclose(ys, right.logits, atol=1e-12)
    assert loss == pytest.approx(right.loss)
    y, _, kept = known["cell_fn_forward"](problem.x, problem.state, problem.model)
    grads, dh = known["cell_fn_backward"](y, problem.labels[0], problem.dh, kept)
    right_grads, right_dh = oracle.step_gradients(problem)
    assert np.allclose(dh, right_dh, atol=1e-12)
    assert all(np.allclose(grads[name], right_grads[name], atol=1e-12) for name in NAMES)


@pytest.mark.parametrize("ident", IDS)
def test_points_are_those_of_the_statement(ident):
    question, _ = asked(ident)
    assert question.points == {"cell_fn_backward": 15}.get(ident, 10)


@pytest.mark.parametrize("ident", IDS)
def test_a_right_answer_is_right_under_another_seed(ident):
    text = (CORPUS / ident / "right" / "plain.py").read_text(encoding="utf-8")
    found = report(ident, text, seed=6)
    assert found.score == found.max_score, found.text()


@pytest.mark.parametrize("ident", IDS)
@pytest.mark.parametrize("number", range(len(JUNK)))
def test_any_result_is_judged_and_earns_next_to_nothing(ident, number):
    found = report(ident, cells()[ident], **{ident: lambda *args, **kwargs: JUNK[number]})
    assert found.score <= found.max_score / 10


@pytest.mark.parametrize("ident", IDS[1:])
@pytest.mark.parametrize("earlier", [NO_BIAS, STUB])
def test_a_wrong_step_forward_costs_once_and_is_named(ident, earlier):
    found = report(ident, earlier, cells()[ident])
    assert found.score == found.max_score
    assert "a right `cell_fn_forward`: yours is not right yet" in found.text()


@pytest.mark.parametrize("earlier", [NO_BIAS, STUB])
def test_a_mistake_over_a_wrong_step_forward_has_its_own_name(earlier):
    answer = cells()["rnn_forward"].replace("].mean()", "].sum()")
    assert [m.id for m in report("rnn_forward", earlier, answer, named=True).misconceptions] == [
        "loss_summed_over_batch"
    ]


def test_another_cache_than_the_model_answers_waits_for_the_step_forward():
    earlier = NO_BIAS.replace("(X, h, new, model)\n", "[new, X, h, 0, model]\n")
    answer = cells()["cell_fn_backward"].replace("X, h, h_new, model =", "h_new, X, h, _, model =")
    found = report("cell_fn_backward", earlier, answer)
    assert "`cell_fn_forward` comes first" in found.text()


def test_a_cache_that_is_wrong_costs_in_the_step_that_reads_it():
    earlier = cells()["cell_fn_forward"].replace("(X, h, h_new, model)", "(X, h, h, model)")
    found = report("cell_fn_backward", earlier, cells()["cell_fn_backward"])
    assert found.score < found.max_score


SHIFTED = "y - y.max(axis=1, keepdims=True)"
LOG = "shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
SOFTMAX = "np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)"


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (SHIFTED, "y - y.max()", "loss_one_maximum"),
        *((LOG, f"np.log({SOFTMAX} + {e})", "loss_kept_finite") for e in ("1e-8", "1e-12")),
        (LOG, f"np.log({SOFTMAX} + 3e-10)", "loss_large_scores"),
    ],
)
def test_a_loss_that_is_wrong_for_large_scores_only_is_told(old, new, name):
    found = report("rnn_forward", cells()["rnn_forward"].replace(old, new), named=True)
    assert found.score == found.max_score - 1
    assert [m.id for m in found.misconceptions] == [name]


def test_what_is_printed_unasked_costs_half_a_point():
    found = report("rnn_forward", cells()["rnn_forward"].replace("if verbose:", "if True:"))
    assert found.score == found.max_score - 0.5


@pytest.mark.parametrize("ident", IDS)
def test_every_explanation_points_to_a_heading_of_the_notebook(ident):
    text = nbformat.read(SOURCE / "bptt.ipynb", 4).cells
    headings = {
        line.lstrip("# ").strip()
        for cell in text
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    }
    question, _ = asked(ident)
    named = {m.read or question.read for m in question.comparison.mistakes}
    assert named <= headings
