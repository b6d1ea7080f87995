import numpy as np
import pytest

from rnn_course.training.autograd import exact_gradients


def loss_of(model, inputs, labels, state):
    total = 0.0
    for x, right in zip(inputs, labels, strict=True):
        state = np.tanh(x @ model["Wxh"] + state @ model["Whh"] + model["bh"])
        scores = state @ model["Why"] + model["by"]
        total += (np.log(np.exp(scores).sum(1)) - scores[np.arange(len(right)), right]).mean()
    return total / len(inputs)


@pytest.mark.parametrize("B", [1, 3])
def test_gradients_are_those_of_finite_differences(B):
    rng = np.random.default_rng(0)
    shapes = {"Wxh": (2, 4), "Whh": (4, 4), "Why": (4, 3), "bh": (1, 4), "by": (1, 3)}
    model = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    inputs, labels = list(rng.normal(size=(5, B, 2))), rng.integers(0, 3, (5, B))
    start = rng.normal(size=(B, 4))
    given = labels[:, 0] if B == 1 else labels
    found, loss = exact_gradients(model, inputs, given, start)
    assert loss == pytest.approx(loss_of(model, inputs, labels, start))
    for name, gradient in found.items():
        assert gradient.shape == shapes[name]
        for index in np.ndindex(gradient.shape):
            moved = []
            for step in (1e-6, -1e-6):
                other = model | {name: model[name].copy()}
                other[name][index] += step
                moved.append(loss_of(other, inputs, labels, start))
            assert gradient[index] == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-6)


def test_nothing_is_cut_off():
    model = {"Wxh": np.ones((1, 1)), "Whh": np.ones((1, 1)), "Why": np.array([[500.0, -500.0]]),
             "bh": np.zeros((1, 1)), "by": np.zeros((1, 2))}  # fmt: skip
    found, _ = exact_gradients(model, [np.full((1, 1), 0.1)], np.array([1]), np.zeros((1, 1)))
    assert abs(found["Wxh"]).max() > 50
