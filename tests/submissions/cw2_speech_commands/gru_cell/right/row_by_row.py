"""Loops over the batch."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, 3 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        out = []
        for k in range(input.shape[0]):
            h = input.new_zeros(self.hidden_size) if hx is None else hx[k]
            a, b = self.x(input[k]), self.h(h)
            n = self.hidden_size
            z = torch.sigmoid(a[:n] + b[:n])
            r = torch.sigmoid(a[n : 2 * n] + b[n : 2 * n])
            out.append(z * h + (1 - z) * torch.tanh(a[2 * n :] + r * b[2 * n :]))
        return torch.stack(out)
