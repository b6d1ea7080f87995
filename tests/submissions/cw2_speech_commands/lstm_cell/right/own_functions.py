"""Sigmoid and tanh written out."""

import torch
from torch import nn


def sig(z):
    return 0.5 * (1 + squash(z / 2))


def squash(z):
    p, n = torch.exp(z), torch.exp(-z)
    return (p - n) / (p + n)


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.A = nn.ParameterList([nn.Parameter(torch.randn(hidden_size, input_size) * 0.2) for _ in range(4)])
        self.B = nn.ParameterList([nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.2) for _ in range(4)])
        self.C = nn.ParameterList([nn.Parameter(torch.zeros(hidden_size)) for _ in range(4 if bias else 0)])

    def z(self, k, x, h):
        out = x @ self.A[k].T + h @ self.B[k].T
        if len(self.C):
            out = out + self.C[k]
        return out

    def forward(self, input, hx=None):
        if hx is None:
            h = c = input.new_zeros(input.size(0), self.hidden_size)
        else:
            h, c = hx
        c = sig(self.z(1, input, h)) * c + sig(self.z(0, input, h)) * squash(self.z(2, input, h))
        return sig(self.z(3, input, h)) * squash(c), c
