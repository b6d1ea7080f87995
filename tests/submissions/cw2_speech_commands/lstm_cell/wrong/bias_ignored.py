"""misconception: bias_ignored"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.from_input = nn.Linear(input_size, 4 * hidden_size, bias=True)
        self.from_state = nn.Linear(hidden_size, 4 * hidden_size, bias=True)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.shape[0], self.hidden_size), input.new_zeros(input.shape[0], self.hidden_size))
        h, c = hx
        i, f, g, o = (self.from_input(input) + self.from_state(h)).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c
