"""Positions as sines and cosines of several frequencies."""

import math

import torch
from torch import nn


def position(T, like):
    t = torch.arange(T, dtype=like.dtype, device=like.device) / 110
    cols = [t]
    for k in range(4):
        cols += [torch.sin(2 * math.pi * 2**k * t), torch.cos(2 * math.pi * 2**k * t)]
    return torch.stack(cols, 1)


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        nn.init.normal_(self.rnn.weight_ih_l0)
        self.A = nn.Linear(hidden_size + 9, hidden_size)
        self.v = nn.Linear(hidden_size, 1, bias=False)
        self.fc = nn.Sequential(
            nn.Linear(hidden_size, hidden_size), nn.Tanh(), nn.Linear(hidden_size, n_classes)
        )

    def forward(self, x, lengths, return_weights=False):
        B, T, _ = x.shape
        h, _ = self.rnn(x)
        p = position(T, x).expand(B, -1, -1)
        s = self.v(torch.tanh(self.A(torch.cat([h, p], 2)))).squeeze(-1)
        s = s.masked_fill(torch.arange(T, device=x.device) >= lengths[:, None], float("-inf"))
        a = s.softmax(1)
        logits = self.fc((a.unsqueeze(-1) * h).sum(1))
        return (logits, a) if return_weights else logits
