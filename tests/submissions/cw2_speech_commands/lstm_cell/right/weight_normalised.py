"""Weight normalisation: a reparametrisation that reaches every weight."""

import torch
from torch import nn


from torch.nn.utils.parametrizations import weight_norm


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = weight_norm(nn.Linear(input_size, 4 * hidden_size, bias=bias))
        self.h = weight_norm(nn.Linear(hidden_size, 4 * hidden_size, bias=bias))

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size), input.new_zeros(input.size(0), self.hidden_size))
        h, c = hx
        i, f, g, o = torch.tensor_split(self.x(input) + self.h(h), 4, dim=1)
        c = c * f.sigmoid() + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c
