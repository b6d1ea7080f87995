"""misconception: bias_missing"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 4 * hidden_size, bias=not bias)
        self.h = nn.Linear(hidden_size, 4 * hidden_size, bias=not bias)
        pass
    def forward(self, input, hx=None):
        pass
        if hx is None:
            z = input.new_zeros(input.size(0), self.hidden_size)
            hx = (z, z)
        h, c = hx
        i, f, g, o = (self.x(input) + self.h(h)).chunk(4, 1)
        cy = f.sigmoid() * c + i.sigmoid() * g.tanh()
        hy = o.sigmoid() * cy.tanh()
        return hy, cy
