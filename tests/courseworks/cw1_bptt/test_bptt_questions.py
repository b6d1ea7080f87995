"""Questions on the way back through time: right under any seed, and a slip costs once."""

import importlib.util
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from rnn_course.checks.cell_source import definitions
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.recording import Source, record

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "tests" / "submissions" / "cw1_bptt"
FOLDER = ROOT / "solutions" / "cw1_bptt"
QUESTIONS = ("bptt", "rnn_gradient_check", "gates")
NAMES = ("Wxh", "Whh", "Why", "bh", "by")
JUNK = (
    *(None, 3, "text", [], {}, (), (1, 2, 3), (1, 2, 3, 4), np.zeros((3, 4)), float("nan")),
    *([None] * 4, np.array(["a"]), np.array([1j]), ({}, {}, {}, {}), ("a", "b", "c", "d")),
    *(object(), (np.zeros((3, 3), bool), np.zeros((3, 4), int), None)),
    *((dict.fromkeys(NAMES), None), (dict.fromkeys(NAMES, "x"), "a", "b")),
    (dict.fromkeys(NAMES, np.full((2, 2), np.nan)), np.nan, np.nan),
)


@lru_cache
def cells():
    cells = nbformat.read(FOLDER / "bptt.ipynb", 4).cells
    return {cell.id: cell.source for cell in cells if cell.cell_type == "code"}


def above(question):
    found = []
    for id, source in cells().items():
        if id == question:
            return "\n".join(found)
        answer = id in ("cell_fn_forward", "rnn_forward", "cell_fn_backward", "bptt")
        found.append(source if answer else definitions(source))
    raise KeyError(question)


@lru_cache
def judged(question, seed):
    """Return a question that is judged by its recording; no names, which cost no marks."""
    path = FOLDER / "questions" / f"{question}.py"
    spec = importlib.util.spec_from_file_location(question, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    bare = replace(module.QUESTION.comparison, mistakes=())
    source = Source(question, cells()[question], above(question))
    recording = record(bare, source, seed, named=False)
    return replace(module.QUESTION, judge=judged_by(recording), comparison=None)


def answer(question):
    path = CORPUS / question / "right" / "plain.py"
    namespace = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    return namespace


def report(question, namespace, seed=3):
    return judged(question, seed).report(LocalSubject(namespace), seed)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("seed", range(1, 3))
def test_a_right_answer_is_right_under_any_seed(question, seed):
    found = report(question, answer(question), seed)
    assert found.score == found.max_score, found.text()


@pytest.mark.parametrize("question", QUESTIONS[:2])
@pytest.mark.parametrize("number", range(len(JUNK)))
def test_any_result_is_judged_and_earns_nothing(question, number):
    namespace = answer(question) | {question: lambda *args, **kwargs: JUNK[number]}
    assert report(question, namespace).score == 0


@pytest.mark.parametrize("name", ["gru_step", "lstm_step"])
@pytest.mark.parametrize("number", range(len(JUNK)))
def test_one_gated_step_does_not_spoil_the_other(name, number):
    namespace = answer("gates") | {name: lambda *args, **kwargs: JUNK[number]}
    found = report("gates", namespace)
    own = ("gru", "gru_reset") if name == "gru_step" else ("lstm_cell", "lstm_state")
    for verdict in found.verdicts:
        if verdict.criterion.id not in ("sizes", "large"):
            assert (verdict.score == 0) == (verdict.criterion.id in own)


@pytest.mark.parametrize("question", QUESTIONS[:2])
def test_a_mistake_in_an_earlier_answer_costs_nothing_here(question):
    namespace = answer(question)
    right = namespace["rnn_forward"]

    def averaged(X_train, y_train, model, initial_state, verbose=True):
        h, ys, caches, loss = right(X_train, y_train, model, initial_state, verbose)
        return h, ys, caches, loss / len(ys)

    namespace["rnn_forward"] = averaged
    found = report(question, namespace)
    assert found.score == found.max_score, found.text()


def test_a_check_that_stops_early_must_put_the_weights_back():
    namespace = answer("rnn_gradient_check")
    text = """
def rnn_gradient_check(model, x, y, init_state, h=1e-3, error_threshold=0.01, backward=bptt):
    grads, worst = backward(model, x, y, init_state)[0], {}
    for name, w in model.items():
        worst[name] = 0.0
        for i in np.ndindex(w.shape):
            old = w[i]
            w[i] = old + h
            up = rnn_forward(x, y, model, init_state, verbose=False)[3]
            w[i] = old - h
            n = (up - rnn_forward(x, y, model, init_state, verbose=False)[3]) / (2 * h * len(x))
            size = max(abs(n), abs(grads[name][i]))
            worst[name] = max(worst[name], abs(n - grads[name][i]) / size if size else 0.0)
            if worst[name] >= error_threshold:
                return False
            w[i] = old
        print(name, worst[name])
    return True
"""
    exec(text, namespace)
    lost = {
        v.criterion.id for v in report("rnn_gradient_check", namespace).verdicts if not v.passed
    }
    assert lost == {"untouched", "printed"}  # and the parameters after it have no line
