import numpy as np
import pytest

from rnn_course.courseworks.cw2_speech_commands.cells.known import KNOWN
from rnn_course.courseworks.cw2_speech_commands.cells.mistaken_gru_cell import gru
from rnn_course.courseworks.cw2_speech_commands.cells.mistaken_lstm_cell import lstm

V = 0.7


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return tuple(0.4 * rng.normal(size=(9, size)) for size in (4, 3, 3))


@pytest.mark.parametrize("biases", [0, 1, 2])
def test_a_right_lstm_has_no_mistake_however_many_biases(biases: int) -> None:
    x, h, c = rows()
    z = V * (x.sum(1, keepdims=True) + h.sum(1, keepdims=True) + biases) + 0 * c
    cy = sigmoid(z) * c + sigmoid(z) * np.tanh(z)
    assert lstm(V, x, h, c, (sigmoid(z) * np.tanh(cy), cy)) == ("", "", "")


def test_two_mistakes_are_named_independently() -> None:
    x, h, c = rows()
    z = V * (x.sum(1, keepdims=True) + h.sum(1, keepdims=True) + 2) + 0 * c
    cy = c + sigmoid(z) * sigmoid(z)
    found = lstm(V, x, h, c, (np.tanh(cy), cy))
    assert found == ("no_forget_gate", "candidate_sigmoid", "no_output_gate")


def test_nonsense_has_no_name() -> None:
    x, h, c = rows()
    assert lstm(V, x, h, c, (h + 1, c + h)) == (None, None, None)
    assert gru(V, x, h, h + 1) is None


@pytest.mark.parametrize("other_way", [False, True])
def test_a_right_gru_has_no_mistake_whichever_way_z_points(other_way: bool) -> None:
    x, h, _ = rows()
    a, b = V * (x.sum(1, keepdims=True) + 1), V * (h.sum(1, keepdims=True) + 1)
    z = sigmoid(a + b)
    n = np.tanh(a + z * b)
    z = 1 - z if other_way else z
    assert gru(V, x, h, (1 - z) * n + z * h) == ("", "")


def test_a_gru_without_a_reset_gate_is_named() -> None:
    x, h, _ = rows()
    a, b = V * (x.sum(1, keepdims=True) + 1), V * h.sum(1, keepdims=True)
    z = sigmoid(a + b)
    assert gru(V, x, h, (1 - z) * np.tanh(a + b) + z * h) == ("no_reset_gate", "")


def test_every_mistake_is_written_in_whole_sentences() -> None:
    for misconception in KNOWN.values():
        for text in (misconception.seen, misconception.why):
            assert text == text.strip()
            assert text.endswith(".")
        assert misconception.read
