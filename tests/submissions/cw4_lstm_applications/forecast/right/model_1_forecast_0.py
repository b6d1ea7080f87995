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
    B, T = x.shape
    out = x.new_full((B, T), float("nan"))
    with torch.no_grad():
        for last in range(T - k):
            y, s = model(x[:, : last + 1])
            y = y[:, -1:]
            for _ in range(1, k):
                y, s = model(y, s)
            out[:, last + k] = y.squeeze(1)
    return out
