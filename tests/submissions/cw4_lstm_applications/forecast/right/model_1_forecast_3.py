"""other ways of both"""
import numpy as np
import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size=1, hidden_size=hidden_size)
        self.linear = nn.Linear(hidden_size, 1)

    def forward(self, x, state=None):
        y, state = self.rnn(x.t()[:, :, None], state)
        return self.linear(y)[..., 0].t(), state


def predict_k(model, x, k):
    rows = []
    with torch.no_grad():
        for series in x:
            row, state = [float("nan")] * k, None
            for value in series[: len(series) - k]:
                y, state = model(value.view(1, 1), state)
                z, s = y, state
                for _ in range(k - 1):
                    z, s = model(z, s)
                row.append(z.item())
            rows.append(row)
    return torch.tensor(rows, dtype=x.dtype)
