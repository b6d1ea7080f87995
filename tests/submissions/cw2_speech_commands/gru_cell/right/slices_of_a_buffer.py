"""Writes its gates into slices of a fresh tensor."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.wx = nn.ModuleList([nn.Linear(input_size, hidden_size, bias=bias) for _ in range(3)])
        self.wh = nn.ModuleList([nn.Linear(hidden_size, hidden_size, bias=bias) for _ in range(3)])

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        sums = input.new_empty(2, input.size(0), self.hidden_size)
        for k in range(2):
            sums[k] = self.wx[k](input) + self.wh[k](hx)
        gates = sums.sigmoid()
        n = (self.wx[2](input) + gates[0] * self.wh[2](hx)).tanh_()
        out = gates[1] * hx
        out += (1 - gates[1]) * n
        return out
