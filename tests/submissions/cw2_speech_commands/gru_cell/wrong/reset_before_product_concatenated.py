"""misconception: reset_before_product"""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.r = nn.Linear(input_size + hidden_size, hidden_size, bias)
        self.u = nn.Linear(input_size + hidden_size, hidden_size, bias)
        self.c = nn.Linear(input_size + hidden_size, hidden_size, bias)

    def forward(self, input, hx=None):
        h = input.new_zeros(input.shape[0], self.hidden_size) if hx is None else hx
        s = torch.cat([input, h], 1)
        r, u = torch.sigmoid(self.r(s)), torch.sigmoid(self.u(s))
        c = torch.tanh(self.c(torch.cat([input, r * h], 1)))
        return u * c + (1 - u) * h
