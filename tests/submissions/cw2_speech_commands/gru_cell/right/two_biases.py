"""Bare parameters, with both biases."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.H = hidden_size
        self.W = nn.Parameter(torch.empty(3 * hidden_size, input_size))
        self.U = nn.Parameter(torch.empty(3 * hidden_size, hidden_size))
        self.b = nn.Parameter(torch.empty(3 * hidden_size)) if bias else None
        self.k = nn.Parameter(torch.empty(3 * hidden_size)) if bias else None
        k = 1 / math.sqrt(hidden_size)
        for p in self.parameters():
            nn.init.uniform_(p, -k, k)

    def forward(self, input, hx=None):
        if hx is None:
            hx = torch.zeros(len(input), self.H, dtype=input.dtype, device=input.device)
        xr, xz, xn = F.linear(input, self.W, self.b).chunk(3, 1)
        hr, hz, hn = F.linear(hx, self.U, self.k).chunk(3, 1)
        r = torch.sigmoid(xr + hr)
        z = torch.sigmoid(xz + hz)
        n = torch.tanh(xn + r * hn)
        return n + z * (hx - n)
