"""A constant beside the update gate's bias; softplus form of the sigmoid."""

import torch
import torch.nn.functional as F
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size, self.offset = hidden_size, -1.0 if bias else 0.0
        self.x = nn.Linear(input_size, hidden_size * 3, bias=bias)
        self.h = nn.Linear(hidden_size, hidden_size * 3, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        xs, hs = self.x(input).split(self.hidden_size, 1), self.h(hx).split(self.hidden_size, 1)
        r = torch.exp(-F.softplus(-(xs[0] + hs[0])))
        z = torch.exp(-F.softplus(-(xs[1] + hs[1] + self.offset)))
        n = 2 * torch.sigmoid(2 * (xs[2] + r * hs[2])) - 1
        return n * z + hx * (1 - z)
