"""A loop over the hidden units."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.H = hidden_size
        self.x = nn.ModuleList([nn.Linear(input_size, 3, bias=bias) for _ in range(hidden_size)])
        self.h = nn.ModuleList([nn.Linear(hidden_size, 3, bias=bias) for _ in range(hidden_size)])

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.shape[0], self.H)
        columns = []
        for k in range(self.H):
            x, h = self.x[k](input), self.h[k](hx)
            r, z = torch.sigmoid(x[:, 0] + h[:, 0]), torch.sigmoid(x[:, 1] + h[:, 1])
            n = torch.tanh(x[:, 2] + r * h[:, 2])
            columns.append((1 - z) * n + z * hx[:, k])
        return torch.stack(columns, dim=1)
