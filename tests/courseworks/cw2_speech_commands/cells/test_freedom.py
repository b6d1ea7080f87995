"""Which weights are free, seen from values: parameters are drawn, weights are made of them."""

import numpy as np
import pytest

from rnn_course.courseworks.cw2_speech_commands.cells.freedom import assigned

N, K = 20, 6


def drawn(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = {"w": (4, N // 4), "b": (K,), "k": (K,), "spare": (3,)}
    return {name: 0.6 * rng.normal(size=size) for name, size in sizes.items()}


def parts(seed: int = 0) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    parameters = drawn(seed)
    return parameters["w"].flatten(), parameters["b"] + parameters["k"], parameters


@pytest.mark.parametrize("seed", range(20))
def test_weights_that_are_parameters_are_free_whatever_the_draw(seed: int) -> None:
    found = assigned(*parts(seed))
    assert not found.share.any()
    assert (found.unread, found.offset) == (["spare"], False)


def test_one_bias_will_do_and_signs_and_offsets_are_seen_through() -> None:
    weights, _, parameters = parts()
    found = assigned(-weights[::-1] + 1e-12, 1 - parameters["k"], parameters)
    assert not found.share.any()
    assert (found.unread, found.offset) == (["b", "spare"], True)


@pytest.mark.parametrize("sign", [1, -1])
def test_what_two_weights_share_is_free_in_neither(sign: int) -> None:
    weights, biases, parameters = parts()
    weights[3], biases[1] = sign * weights[5], sign * biases[4]
    assert np.flatnonzero(assigned(weights, biases, parameters).share).tolist() == [
        *(3, 5, N + 1, N + 4)
    ]


def test_biases_that_share_one_of_two_parameters_are_free() -> None:
    weights, biases, parameters = parts()
    biases[1] = parameters["b"][1] + parameters["k"][0]
    assert not assigned(weights, biases, parameters).share.any()


def test_what_is_zero_is_not_free() -> None:
    weights, biases, parameters = parts()
    weights[7] = biases[2] = 0.0
    found = assigned(weights, biases, parameters)
    assert np.flatnonzero(found.share).tolist() == [7, N + 2]
    weights, _, parameters = parts()
    bare = assigned(weights, np.zeros(K), {"w": parameters["w"]})
    assert np.flatnonzero(bare.share).tolist() == list(range(N, N + K))


@pytest.mark.parametrize("other", [0.37, None])
def test_anything_else_is_left_to_measuring(other: float | None) -> None:
    for place in range(2):
        made = parts()
        made[place][0] = other or made[place][0] ** 2
        assert assigned(*made) is None


def test_too_many_parameters_that_no_weight_reads_are_left_to_measuring() -> None:
    weights, biases, parameters = parts()
    parameters["spare"] = np.linspace(3, 4, 200)
    assert assigned(weights, biases, parameters) is None
