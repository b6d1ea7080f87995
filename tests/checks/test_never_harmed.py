"""Whatever a student's code does, the report comes, and the notebook is as it was before.

One question of each coursework stands for all of them.
"""

import itertools
import random
import sys
import warnings
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import torch

from rnn_course.authoring.corpus import of_question, text_of
from rnn_course.checks.courses import located
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.notebook import Checker
from rnn_course.checks.requests import Call, Program
from rnn_course.checks.watch import isolated

ROOT = Path(__file__).parents[2]
SUBMISSIONS = ROOT / "tests" / "submissions"
QUESTIONS = {
    ("cw1_bptt", "rnn_forward"): "logsumexp",
    ("cw2_speech_commands", "gru_cell"): "six_linears",
    ("cw3_temporal_order", "sequence_rnn"): "indexed",
    ("cw4_lstm_applications", "perplexity"): "sums",
}
of_every_coursework = pytest.mark.parametrize(
    ("course", "question"),
    [
        # where a check trains, it takes seconds
        pytest.param(*key, id=key[1], marks=pytest.mark.slow if key[1] == "sequence_rnn" else ())
        for key in QUESTIONS
    ],
)


class Same:
    """Equal to everything, and willing to be anything."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __lt__(self, other):
        return True

    def __float__(self):
        return 0.0

    def __len__(self):
        return 3

    def __iter__(self):
        return itertools.repeat(self)

    def __array__(self, *args, **kwargs):
        return np.zeros(3)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class Unheard(BaseException):
    """No `Exception`."""


def circle():
    inside = []
    inside.append(inside)
    return inside


def unheard():
    raise Unheard


RESULTS = {
    "equal to all": Same,
    "a pair equal to all": lambda: (Same(), Same()),
    "four equal to all": lambda: [Same(), Same(), Same(), Same()],
    "endless": itertools.count,
    "an endless pair": lambda: (itertools.count(), itertools.repeat(torch.zeros(2))),
    "a list in itself": circle,
    "objects in an array": lambda: np.array([Same(), None], dtype=object),
    "a number without end": lambda: 10**5000,
    "complex": lambda: torch.zeros(2, 3, dtype=torch.complex64),
    "nothing at all": lambda: torch.zeros(0),
    "the way out": sys.exit,
    "an exception of its own": unheard,
}


def executed(text):
    """Execute a known answer as a cell."""
    names = {"__name__": "__main__"}
    with isolated():
        exec(compile(text, "answer", "exec"), names)
    return names


def right(course, question):
    name = f"{course}/{question}/right/{QUESTIONS[course, question]}"
    return executed(text_of(SUBMISSIONS, name))


def wrong(course, question):
    known = of_question(SUBMISSIONS / course / question)
    return [sample.text for sample in known if not sample.right]


def wrap(names, around):
    """Put something around everything that the answer defines."""
    for name, value in list(names.items()):
        if isinstance(value, type) and issubclass(value, torch.nn.Module):
            value.forward = around(value.forward)
        elif getattr(value, "__module__", "") == "__main__" and callable(value):
            names[name] = around(value)


@cache
def opened(course):
    return located(course, ROOT).coursework()


def checked(course, question, names):
    return Checker(lambda: opened(course), names)(question)


@of_every_coursework
@pytest.mark.parametrize("result", RESULTS)
def test_whatever_is_returned_there_is_a_report_without_full_marks(course, question, result):
    names = right(course, question)
    wrap(names, lambda function: lambda *args, **kwargs: RESULTS[result]())
    report = checked(course, question, names)
    assert report.score < report.max_score / 2
    assert report.breakdown == ""
    assert all(verdict.message or verdict.passed for verdict in report.verdicts)


def state():
    return (
        torch.get_default_dtype(),
        torch.get_default_device(),
        torch.get_num_threads(),
        torch.is_grad_enabled(),
        torch.are_deterministic_algorithms_enabled(),
        torch.get_rng_state().tolist(),
        np.random.get_state()[1].tolist(),
        random.getstate(),
        np.geterr(),
        list(warnings.filters),
    )


def vandalise():
    torch.set_default_dtype(torch.float16)
    torch.set_default_device("meta")
    torch.set_num_threads(torch.get_num_threads() + 1)
    torch.set_grad_enabled(False)
    torch.manual_seed(3)
    np.random.seed(3)
    random.seed(3)
    np.seterr(all="raise")
    warnings.simplefilter("error")


@of_every_coursework
@pytest.mark.parametrize("first", [True, False])
def test_global_state_is_as_before(course, question, first):
    def around(function):
        def called(*args, **kwargs):
            if first:
                vandalise()
            try:
                return function(*args, **kwargs)
            finally:
                vandalise()

        return called

    names = right(course, question)
    wrap(names, around)
    before = state()
    assert checked(course, question, names).breakdown == ""
    assert state() == before


@of_every_coursework
def test_a_check_draws_nothing_from_the_notebooks_generators(course, question):
    for text in wrong(course, question)[:4]:
        names = executed(text)
        before = state()
        checked(course, question, names)
        assert state() == before


SETTINGS = {
    "float64": lambda: torch.set_default_dtype(torch.float64),
    "no gradients": lambda: torch.set_grad_enabled(False),
    "warnings as errors": lambda: warnings.simplefilter("error"),
    "two threads": lambda: torch.set_num_threads(2),
}


@of_every_coursework
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_notebooks_settings_cost_a_right_answer_nothing(course, question, setting):
    names = right(course, question)
    with isolated(), warnings.catch_warnings():
        SETTINGS[setting]()
        report = checked(course, question, names)
    assert report.score == report.max_score, report.text()


@of_every_coursework
def test_a_notebook_on_another_device_gets_a_report(course, question):
    with isolated():
        torch.set_default_device("meta")
        assert checked(course, question, right(course, question)).breakdown == ""
        assert torch.get_default_device().type == "meta"


def test_the_students_code_keeps_its_settings_and_the_judge_has_the_usual_ones():
    def seen():
        return f"{torch.get_default_dtype()} {torch.get_default_device()} {np.geterr()['over']}"

    subject = LocalSubject({"seen": seen})
    with isolated():
        torch.set_default_dtype(torch.float64)
        torch.set_default_device("meta")
        np.seterr(over="raise")
        with subject.judged():
            assert seen() == "torch.float32 cpu warn"
            (outcome,) = subject.ask(Program((Call("seen"),)))
            assert outcome.value == "torch.float64 meta raise"
            assert seen() == "torch.float32 cpu warn"
        assert seen() == "torch.float64 meta raise"


PATCHED = (
    *("numpy.allclose", "numpy.isclose", "numpy.array_equal"),
    *("numpy.testing.assert_allclose", "numpy.testing.assert_array_equal"),
    *("torch.allclose", "torch.isclose", "torch.equal", "torch.testing.assert_close"),
)


@pytest.fixture
def patched(monkeypatch):
    def patch(replacement):
        for name in PATCHED:
            monkeypatch.setattr(name, replacement)

    return patch


@of_every_coursework
def test_comparisons_that_are_always_true_help_nobody(course, question, patched):
    answers = [executed(text) for text in wrong(course, question)[::5]]
    patched(lambda *args, **kwargs: True)
    for names in answers:
        report = checked(course, question, names)
        assert report.score < report.max_score, report.text()
    report = checked(course, question, right(course, question))
    assert report.score == report.max_score, report.text()


@of_every_coursework
def test_comparisons_that_raise_do_not_stop_the_report(course, question, patched):
    patched(mock.Mock(side_effect=RuntimeError("patched")))
    report = checked(course, question, right(course, question))
    assert report.max_score == opened(course)[question].points


@of_every_coursework
def test_an_interruption_is_the_students_own_wish(course, question):
    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    names = right(course, question)
    wrap(names, lambda function: stop)
    with pytest.raises(KeyboardInterrupt):
        checked(course, question, names)
