"""misconception: nothing_to_train"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.layers = [nn.Linear(input_size + hidden_size, hidden_size, bias=bias) for _ in range(4)]

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size),) * 2
        s = torch.cat([input, hx[0]], 1)
        i, f, g, o = (layer(s) for layer in self.layers)
        c = torch.sigmoid(f) * hx[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c
