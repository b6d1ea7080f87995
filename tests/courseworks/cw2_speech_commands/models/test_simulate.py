import numpy as np
import pytest
import torch

from rnn_course.courseworks.cw2_speech_commands.models.plans import (
    changed,
    changes,
    pairs,
    right_plan,
)
from rnn_course.courseworks.cw2_speech_commands.models.roles import MODES, Roles, Size, dresses
from rnn_course.courseworks.cw2_speech_commands.models.simulate import NUMBER, Simulator

SIZES = [Size(mode, directions) for mode in MODES for directions in (1, 2)]


def clip(size, seed=0):
    x = np.random.default_rng(seed).normal(0.3, 0.8, (4, 5, size.D))
    x[0, -1] -= 2
    x[1] -= 3
    return x


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_right_plan_is_the_oracle_with_equal_parameters(size):
    choice = list(dresses(size.mode, plain=True))
    x = clip(size)
    simulated = Simulator(size, x, NUMBER, choice).logits(right_plan(size))
    for dress, logits in zip(choice, simulated, strict=True):
        roles = Roles(size, dress)
        values = torch.from_numpy(roles.copies() * NUMBER)
        expected = roles.logits(values, torch.from_numpy(x)).numpy()
        np.testing.assert_allclose(expected, np.repeat(logits[:, None], size.K, 1), atol=1e-12)


# While all parameters are equal these cannot be told from a right model; the judge looks closer.
ALIKE = {
    ("RNN_RELU", "max"),  # with positive weights the last state of a rectifier is its largest
    ("GRU", "reset_before_product"),  # the gate is the same for all units
}
OPEN = {"relu", "leaky_relu", "elu"}  # they leave positive numbers as they are


def telling(size, change):
    only_lstm = "cell_state" in change[0] and size.mode != "LSTM"
    alike = any((size.mode, value) in ALIKE for value in change[1].values())
    functions = {change[1].get("before"), change[1].get("after")}
    return not only_lstm and not alike and not functions & OPEN


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_mistake_looks_like_the_right_plan_in_any_dress(size):
    x = clip(size, seed=1)
    right = Simulator(size, x, NUMBER, list(dresses(size.mode))).logits(right_plan(size))
    for name, change in filter(lambda entry: telling(size, entry), changes(size)):
        plan = changed(size, change)
        wrong = Simulator(size, x, NUMBER, list(dresses(plan.mode, plain=True))).logits(plan)
        wrong = np.broadcast_to(wrong, (len(wrong), len(x)))
        assert np.abs(right[:, None] - wrong[None]).max(-1).min() > 1e-7, name


def test_two_mistakes_never_change_the_same_thing():
    for (first, second), change in pairs(Size("LSTM", 2)):
        assert first != second
        assert len(change) >= 2
