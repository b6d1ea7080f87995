"""The oracle against finite differences, and the rule against the oracle."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_course.courseworks.cw1_bptt import oracle
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
