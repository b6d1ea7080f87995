"""other ways of both"""
import numpy as np
import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.cell = nn.LSTMCell(1, hidden_size)
        self.head = nn.Linear(hidden_size, 1)

    def forward(self, x, state=None):
        out = []
        for t in range(x.shape[1]):
            state = self.cell(x[:, t : t + 1], state)
            out.append(self.head(state[0]))
        return torch.cat(out, dim=1), state


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
