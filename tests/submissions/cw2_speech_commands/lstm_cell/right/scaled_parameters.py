"""Parameters are scaled on use (as in equalised learning rates)."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size, self.scale = hidden_size, (input_size + hidden_size) ** -0.5
        self.weight = nn.Parameter(torch.randn(4, input_size + hidden_size, hidden_size))
        self.offset = nn.Parameter(torch.zeros(4, 1, hidden_size), requires_grad=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.shape[0], self.hidden_size),) * 2
        h, c = hx
        s = torch.cat([input, h], 1).expand(4, -1, -1)
        i, f, g, o = torch.baddbmm(self.offset * 0.1 * self.offset.requires_grad, s, self.weight * self.scale)
        c = c * torch.sigmoid(f) + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c
