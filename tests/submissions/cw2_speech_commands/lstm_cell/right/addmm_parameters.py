"""Matrices as bare parameters with addmm; an input-side bias only."""

import math

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        k = 1 / math.sqrt(hidden_size)
        self.wx = nn.Parameter(torch.empty(input_size, 4 * hidden_size).uniform_(-k, k))
        self.wh = nn.Parameter(torch.empty(hidden_size, 4 * hidden_size).uniform_(-k, k))
        if bias:
            self.b = nn.Parameter(torch.empty(4 * hidden_size).uniform_(-k, k))
        else:
            self.register_parameter("b", None)

    def forward(self, input, hx=None):
        if hx is None:
            h = torch.zeros(input.size(0), self.hidden_size).to(input)
            c = torch.zeros_like(h)
        else:
            (h, c) = hx
        a = torch.mm(input, self.wx)
        if self.b is not None:
            a = torch.addmm(self.b, input, self.wx)
        a = torch.addmm(a, h, self.wh)
        i, f, g, o = a.chunk(4, -1)
        c_next = torch.addcmul(torch.sigmoid(f) * c, torch.sigmoid(i), torch.tanh(g))
        return torch.sigmoid(o) * torch.tanh(c_next), c_next
