"""The oracle against finite differences, and the rule against the oracle."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.faulty import FAULTS, RnnGradients, spoil
from rnn_course.courseworks.cw1_bptt.gated_steps import Lstm
from rnn_course.courseworks.cw1_bptt.gates import _draw, lstm_oracle
from rnn_course.courseworks.cw1_bptt.problem import draw
from rnn_course.courseworks.cw1_bptt.rule import RIGHT, step_of, steps_of, total, walk


@pytest.fixture
def problem():
    return draw(np.random.default_rng(5), B=3, T=4, D=5, H=4, K=3)


def moved(problem, name, index, by):
    value = problem.model[name].copy()
    value[index] += by
    return replace(problem, model={**problem.model, name: value})


def test_gradients_agree_with_central_differences(problem):
    grads, h = oracle.gradients(problem), 1e-5
    for name, value in problem.model.items():
        for index in np.ndindex(value.shape):
            up, down = (oracle.forward(moved(problem, name, index, s * h)).loss for s in (1, -1))
            assert grads[name][index] == pytest.approx((up - down) / (2 * h) / 4, abs=1e-8)


def test_the_rule_by_hand_agrees_with_the_oracle(problem):
    by_hand, back = RIGHT.apply(step_of(problem))
    grads, dh = oracle.step_gradients(problem)
    assert np.allclose(back, dh, atol=1e-12)
    whole = total(walk(steps_of(problem), [3, 2, 1, 0]), 1 / 4)
    for name, gradient in oracle.gradients(problem).items():
        assert np.allclose(by_hand[name], grads[name], atol=1e-12)
        assert np.allclose(whole[name], gradient, atol=1e-12)


def test_a_cut_before_every_step_leaves_each_step_alone(problem):
    alone = total(walk(steps_of(problem), [3, 2, 1, 0], carry=False), 1 / 4)
    for name, gradient in oracle.gradients(problem, cuts=range(4)).items():
        assert np.allclose(alone[name], gradient, atol=1e-12)
        assert np.allclose(oracle.windowed_gradients(problem, 1)[name], gradient, atol=1e-12)
        whole = oracle.windowed_gradients(problem, 4)[name]
        assert np.allclose(whole, oracle.gradients(problem)[name], atol=1e-12)


def test_given_gradients_behave_as_bptt(problem):
    grads, loss, state = RnnGradients("right")(*problem.arguments)
    run = oracle.forward(problem)
    assert loss == pytest.approx(run.loss / 4, abs=1e-12)
    assert np.allclose(state, run.states[-1])
    assert all(np.allclose(grads[n], g) for n, g in oracle.gradients(problem).items())


@pytest.mark.parametrize("fault", [*FAULTS, "only:by", "entry:Whh:2:10"])
def test_every_fault_is_a_fault(problem, fault):
    right, found = oracle.gradients(problem), spoil(problem, fault)
    worst = max(
        (np.abs(found[n] - g) / np.maximum(np.abs(found[n]), np.abs(g))).max()
        for n, g in right.items()
    )
    assert (worst < 1e-9) == (fault == "right")
    assert worst > 0.004 or fault == "right"


def test_the_lstm_by_hand_agrees_with_torch():
    inputs = _draw(np.random.default_rng(2), "ifog", B=3, D=4, H=5)
    for by_hand, right in zip(Lstm().apply(inputs), lstm_oracle(inputs), strict=True):
        assert np.allclose(by_hand, right, atol=1e-12)
