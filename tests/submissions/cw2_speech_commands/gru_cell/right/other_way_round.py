"""z is the share of the candidate."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.h = hidden_size
        self.x = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.s = nn.Linear(hidden_size, 3 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        hx = input.new_zeros(input.shape[0], self.h) if hx is None else hx
        xr, xz, xn = self.x(input).chunk(3, 1)
        hr, hz, hn = self.s(hx).chunk(3, 1)
        z = (xz + hz).sigmoid()
        n = (xn + (xr + hr).sigmoid() * hn).tanh()
        return hx + z * (n - hx)
