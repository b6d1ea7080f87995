"""Eight layers, added by name in a loop."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        for gate in ("i", "f", "g", "o"):
            self.add_module("x" + gate, nn.Linear(input_size, hidden_size, bias=bias))
            self.add_module("h" + gate, nn.Linear(hidden_size, hidden_size, bias=bias))
        pass

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size), input.new_zeros(input.size(0), self.hidden_size))
        h, c = hx
        i = torch.sigmoid(self.xi(input) + self.hi(h))
        f = torch.sigmoid(self.xf(input) + self.hf(h))
        g = torch.tanh(self.xg(input) + self.hg(h))
        o = torch.sigmoid(self.xo(input) + self.ho(h))
        c_new = f * c + i * g
        h_new = o * torch.tanh(c_new)
        return h_new, c_new
