"""A pair of layers for each gate, by name."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.xr, self.hr = nn.Linear(input_size, hidden_size, bias=bias), nn.Linear(hidden_size, hidden_size, bias=bias)
        self.xz, self.hz = nn.Linear(input_size, hidden_size, bias=bias), nn.Linear(hidden_size, hidden_size, bias=bias)
        self.xn, self.hn = nn.Linear(input_size, hidden_size, bias=bias), nn.Linear(hidden_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        batch = input.shape[0]
        r = torch.sigmoid(self.xr(input) + self.hr(hx))
        z = torch.sigmoid(self.xz(input) + self.hz(hx))
        n = torch.tanh(self.xn(input) + r * self.hn(hx))
        out = (1 - z) * n + z * hx
        return out
