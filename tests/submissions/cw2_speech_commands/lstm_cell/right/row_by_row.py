"""A loop over the batch, a row at a time: slow and right."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.gates = nn.ModuleList(
            nn.Sequential(nn.Linear(input_size + hidden_size, hidden_size, bias=bias), act)
            for act in (nn.Sigmoid(), nn.Sigmoid(), nn.Tanh(), nn.Sigmoid())
        )

    def one(self, x, h, c):
        i, f, g, o = [gate(torch.cat([x, h])) for gate in self.gates]
        c = f * c + i * g
        return o * torch.tanh(c), c

    def forward(self, input, hx=None):
        if hx is None:
            hx = [input.new_zeros(len(input), self.hidden_size)] * 2
        rows = [self.one(x, h, c) for x, h, c in zip(input, hx[0], hx[1])]
        hs, cs = zip(*rows)
        return torch.stack(hs), torch.stack(cs)
