"""Constructor with *args; in-place arithmetic on fresh tensors."""

import torch
from torch import nn


class Recurrent(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True, gates=4):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, gates * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, gates * hidden_size, bias=False)


class LSTMCell(Recurrent):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, gates=4)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size), input.new_zeros(input.size(0), self.hidden_size))
        h, c = hx
        z = self.x(input)
        z += self.h(h)
        f, i, o, g = z.chunk(4, dim=-1)
        c = c.clone()
        c *= f.sigmoid()
        c += i.sigmoid() * g.tanh()
        h = c.tanh()
        h = h * o.sigmoid()
        return (h, c)
