"""misconception: hidden_bias_outside

The candidate has one bias, which the reset gate does not touch.
"""

import torch
import torch.nn.functional as F
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, 3 * hidden_size, bias=bias)
        pass
    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        (xr, xz, xn), (hr, hz, hn) = self.x(input).chunk(3, 1), self.h(hx).chunk(3, 1)
        r, z = (xr + hr).sigmoid(), (xz + hz).sigmoid()
        n = (xn + r * F.linear(hx, self.h.weight[2*self.hidden_size:]) + (self.h.bias[2*self.hidden_size:] if self.h.bias is not None else 0)).tanh()
        return n + z * (hx - n)
