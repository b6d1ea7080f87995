"""Gates through logsigmoid, tanh through one exponential."""

import torch
import torch.nn.functional as F
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)
        pass
    def forward(self, input, hx=None):
        pass
        if hx is None:
            z = input.new_zeros(input.size(0), self.hidden_size)
            hx = (z, z)
        h, c = hx
        i, f, g, o = (self.x(input) + self.h(h)).chunk(4, 1)
        cy = torch.exp(F.logsigmoid(f)) * c + torch.exp(F.logsigmoid(i)) * (1 - 2 / (torch.exp(2 * g) + 1))
        hy = o.sigmoid() * cy.tanh()
        return hy, cy
