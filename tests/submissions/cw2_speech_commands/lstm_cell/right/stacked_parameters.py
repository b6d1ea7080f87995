"""Bare parameters, one slice for each gate."""

import math

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        D, H = input_size, hidden_size
        self.H = H
        self.W = nn.Parameter(torch.empty(4, D, H))
        self.U = nn.Parameter(torch.empty(4, H, H))
        self.b = nn.Parameter(torch.empty(4, H)) if bias else torch.zeros(4, 1)
        k = 1 / math.sqrt(H)
        [nn.init.uniform_(p, -k, k) for p in self.parameters()]

    def z(self, k, x, h):
        return x @ self.W[k] + h @ self.U[k] + self.b[k].to(x)

    def forward(self, input, hx=None):
        if hx is None:
            h = c = input.new_zeros(len(input), self.H)
        else:
            h, c = hx
        i, f, o = (torch.sigmoid(self.z(k, input, h)) for k in (0, 1, 3))
        g = torch.tanh(self.z(2, input, h))
        c = f * c + i * g
        return o * torch.tanh(c), c
