"""misconception: state_not_used"""
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


@torch.no_grad()
def predict_k(model, x, k):
    out = torch.full_like(x, torch.nan)
    for t in range(x.shape[1] - k):
        y, s = model(x[:, max(0, t - 2) : t + 1])
        y = y[:, -1:]
        for _ in range(k - 1):
            y, s = model(y, s)
        out[:, t + k] = y[:, 0]
    return out
