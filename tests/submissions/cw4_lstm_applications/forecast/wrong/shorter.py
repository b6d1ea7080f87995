"""misconception: start_left_out"""
import numpy as np
import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, 1)

    def forward(self, x, state=None):
        h, state = self.lstm(x.unsqueeze(-1), state)
        return self.out(h).squeeze(-1), state



@torch.no_grad()
def predict_k(model, x, k):
    forecasts = torch.full_like(x, float("nan"))
    state = None
    for t in range(x.shape[1] - k):
        value, state = model(x[:, t : t + 1], state)
        ahead = state
        for _ in range(k - 1):
            value, ahead = model(value, ahead)
        forecasts[:, t + k] = value[:, 0]
    return forecasts[:, k:]
