"""Both gates over (x, h), the candidate in two parts."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.gates = nn.Linear(input_size + hidden_size, 2 * hidden_size, bias)
        self.from_x = nn.Linear(input_size, hidden_size, bias)
        self.from_h = nn.Linear(hidden_size, hidden_size, bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros((input.size(0), self.hidden_size))
        z, r = torch.sigmoid(self.gates(torch.cat([input, hx], 1))).split(self.hidden_size, 1)
        new = torch.tanh(self.from_x(input) + r * self.from_h(hx))
        return z * hx + (1 - z) * new
