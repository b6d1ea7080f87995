"""One flat vector of weights."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.shapes = [(3 * hidden_size, input_size), (3 * hidden_size, hidden_size)]
        if bias:
            self.shapes += [(3 * hidden_size,), (3 * hidden_size,)]
        total = sum(math.prod(s) for s in self.shapes)
        self.flat = nn.Parameter(torch.empty(total))
        nn.init.uniform_(self.flat, -0.1, 0.1)
        self.hidden_size = hidden_size

    def weights(self):
        pieces = torch.split(self.flat, [math.prod(s) for s in self.shapes])
        views = [p.reshape(s) for p, s in zip(pieces, self.shapes)]
        return views if len(views) == 4 else views + [None, None]

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        W, U, b, k = self.weights()
        x, h = F.linear(input, W, b), F.linear(hx, U, k)
        (xn, xr, xz), (hn, hr, hz) = x.chunk(3, 1), h.chunk(3, 1)
        z = torch.sigmoid(xz + hz)
        return z * torch.tanh(xn + torch.sigmoid(xr + hr) * hn) + (1 - z) * hx
