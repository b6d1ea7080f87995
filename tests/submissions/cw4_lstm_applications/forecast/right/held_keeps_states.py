"""states of all origins kept, then looked ahead"""
import numpy as np
import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.a = nn.LSTM(1, hidden_size)
        self.b = nn.Linear(hidden_size, 1)

    def forward(self, x, state=None):
        y, state = self.a(x.mT.unsqueeze(2), state)
        return self.b(y).squeeze(2).mT, state


def predict_k(model, x, k):
    origins, s = [], None
    with torch.no_grad():
        for t in range(x.shape[1]):
            y, s = model(x[:, [t]], s)
            origins.append((y, s))
        columns = [x.new_full((x.shape[0], 1), torch.nan)] * k
        for y, s in origins[: x.shape[1] - k]:
            for _ in range(k - 1):
                y, s = model(y, s)
            columns.append(y)
    return torch.hstack(columns)
