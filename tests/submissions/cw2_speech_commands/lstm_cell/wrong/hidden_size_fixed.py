"""misconception: hard_coded_size"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.x, self.h = nn.Linear(20, 256, bias=bias), nn.Linear(64, 256, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), 64),) * 2
        i, f, g, o = (self.x(input) + self.h(hx[0])).chunk(4, 1)
        c = torch.sigmoid(f) * hx[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c
