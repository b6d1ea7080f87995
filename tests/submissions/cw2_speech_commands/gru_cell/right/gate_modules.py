"""A sub-module for each gate."""

import torch
from torch import nn


class Affine(nn.Module):
    def __init__(self, d, h, bias):
        super().__init__()
        self.x, self.h = nn.Linear(d, h, bias=bias), nn.Linear(h, h, bias=bias)


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.r, self.z, self.n = (Affine(input_size, hidden_size, bias) for _ in range(3))

    def forward(self, input, hx=None):
        h = input.new_zeros(input.size(0), self.hidden_size) if hx is None else hx
        r = torch.sigmoid(self.r.x(input) + self.r.h(h))
        z = torch.sigmoid(self.z.x(input) + self.z.h(h))
        n = torch.tanh(self.n.x(input) + torch.mul(r, self.n.h(h)))
        return torch.mul(1 - z, n) + torch.mul(z, h)
