import numpy as np
import pytest
import torch
from torch import nn

from rnn_course.courseworks.cw4_lstm_applications.recurrent import (
    Design,
    mistaken,
    right,
    with_biases,
)

D, H, K, B, T = 3, 4, 5, 2, 6


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_the_right_design_is_what_torch_computes(kind):
    torch.manual_seed(0)
    layer, head = getattr(nn, kind)(D, H, batch_first=True).double(), nn.Linear(H, K).double()
    x = torch.randn(B, T, D, dtype=torch.float64)
    design = right(kind, (D, H, K))
    g = design.gates
    parameters = {
        "W": layer.weight_ih_l0.view(g, H, D),
        "U": layer.weight_hh_l0.view(g, H, H),
        "b": layer.bias_ih_l0.view(g, H),
        "d": layer.bias_hh_l0.view(g, H),
        "R": head.weight,
        "r": head.bias,
    }
    assert {name: tuple(p.shape) for name, p in parameters.items()} == design.shapes()
    expected = head(layer(x)[0])
    np.testing.assert_allclose(
        design.outputs(parameters, x).detach(), expected.detach(), atol=1e-12
    )


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_every_mistake_answers_otherwise_than_the_right_design(kind):
    x = np.random.default_rng(0).normal(size=(B, T, D))
    cotangents = np.ones((B, T, K))
    design = right(kind, (D, H, K))
    values = np.random.default_rng(1).uniform(-0.8, 0.8, 500)

    def response(one: Design):
        oracle = one.oracle(x, cotangents)
        output, gradient = oracle.respond(values[: oracle.size])
        return np.concatenate([output.ravel(), gradient])

    for wrong in mistaken(design):
        assert wrong.mistakes
        if kind != "LSTM" and wrong.mistakes[0].id == "memory_read":
            continue  # only an LSTM has a memory
        assert not np.allclose(response(wrong), response(design)), wrong.mistakes


def test_a_gru_alone_tells_its_two_biases_apart():
    counts = {kind: len(list(with_biases(right(kind, (D, H, K))))) for kind in ("GRU", "LSTM")}
    assert counts == {"GRU": 8, "LSTM": 6}
