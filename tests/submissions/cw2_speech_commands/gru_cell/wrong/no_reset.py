"""misconception: no_reset_gate"""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.update = nn.Linear(input_size + hidden_size, hidden_size, bias=bias)
        self.new = nn.Linear(input_size + hidden_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.shape[0], self.hidden_size)
        s = torch.cat((input, hx), 1)
        u = self.update(s).sigmoid()
        return u * hx + (1 - u) * self.new(s).tanh()
