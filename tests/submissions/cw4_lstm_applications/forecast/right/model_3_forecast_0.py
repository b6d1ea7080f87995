"""other ways of both"""
import numpy as np
import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.layers = nn.ModuleDict({"lstm": nn.LSTM(1, hidden_size, batch_first=True, bias=False), "out": nn.Linear(hidden_size, 1, bias=False)})

    def forward(self, x, state=None):
        hidden, new = self.layers["lstm"](x.reshape(*x.shape, 1), state)
        b, t = x.shape
        return self.layers["out"](hidden).reshape(b, t), new


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
