"""All gates in one layer for the input and one for the state."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.x2h = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (
                input.new_zeros(input.shape[0], self.hidden_size),
                input.new_zeros(input.shape[0], self.hidden_size),
            )
        h, c = hx
        gates = self.x2h(input) + self.h2h(h)
        i, f, g, o = gates.chunk(4, 1)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        cy = f * c + i * g
        hy = o * torch.tanh(cy)
        return hy, cy
