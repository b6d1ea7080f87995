import numpy as np
import torch

from rnn_course.courseworks.cw2_speech_commands.cells.fit import (
    gru_step,
    jacobian,
    lstm_step,
    polish,
)

D, H, B = 3, 2, 30


def data(rng: np.random.Generator, states: int) -> tuple[np.ndarray, ...]:
    return (rng.normal(size=(B, D)), *(rng.normal(size=(B, H)) for _ in range(states)))


def test_the_lstm_step_is_torchs() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(4 * H, D + H + 1))
    cell = torch.nn.LSTMCell(D, H, dtype=torch.float64)
    with torch.no_grad():
        parts = (rows[:, :D], rows[:, D:-1], rows[:, -1], 0 * rows[:, -1])
        for parameter, part in zip(cell.parameters(), parts, strict=True):
            parameter.copy_(torch.tensor(part))
        x, h, c = data(rng, 2)
        hy, cy = cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c)))
    np.testing.assert_allclose(lstm_step(rows, x, h, c), np.hstack([hy, cy]), atol=1e-14)


def test_the_gru_step_is_torchs() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(3 * H, D + H + 2))
    cell = torch.nn.GRUCell(D, H, dtype=torch.float64)
    with torch.no_grad():
        parts = (rows[:, :D], rows[:, D:-2], rows[:, -2], rows[:, -1])
        for parameter, part in zip(cell.parameters(), parts, strict=True):
            parameter.copy_(torch.tensor(part))
        x, h = data(rng, 1)
        hy = cell(torch.tensor(x), torch.tensor(h))
    np.testing.assert_allclose(gru_step(rows, x, h), hy, atol=1e-14)


def test_the_jacobian_agrees_with_differences() -> None:
    rng = np.random.default_rng(2)
    rows, rest = rng.normal(size=(3 * H, D + H + 2)), data(rng, 1)
    exact = jacobian(gru_step, rows, rest)
    move = rng.normal(size=rows.shape)
    change = gru_step(rows + 1e-5 * move, *rest) - gru_step(rows - 1e-5 * move, *rest)
    np.testing.assert_allclose(exact @ move.ravel(), change.ravel() / 2e-5, atol=1e-8)


def test_rough_estimates_are_polished_to_rounding() -> None:
    rng = np.random.default_rng(3)
    rows, rest = rng.normal(size=(4 * H, D + H + 1)), data(rng, 2)
    fit = polish(lstm_step, rows + 1e-2 * rng.normal(size=rows.shape), rest, lstm_step(rows, *rest))
    assert fit.residual < 1e-12
    np.testing.assert_allclose(fit.rows, rows, atol=1e-9)


def test_no_estimate_stays_none() -> None:
    rng = np.random.default_rng(4)
    rows, rest = np.full((4 * H, D + H + 1), np.nan), data(rng, 2)
    assert polish(lstm_step, rows, rest, np.zeros((B, 2 * H))).residual == np.inf
