"""A single transposed matrix over (h, x, 1): the bias is a row of it."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.bias, self.H = bias, hidden_size
        rows = input_size + hidden_size + (1 if bias else 0)
        self.W = nn.Parameter(torch.randn(rows, 4 * hidden_size) / rows**0.5)

    def forward(self, input, hx=None):
        if hx is None:
            hx = [input.new_zeros((input.shape[0], self.H)) for _ in range(2)]
        parts = [hx[0], input]
        if self.bias:
            parts.append(torch.ones_like(input[:, :1]))
        z = torch.hstack(parts) @ self.W
        f, g, o, i = torch.split(z, self.H, dim=1)
        c = torch.sigmoid(f) * hx[1] + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(c), c]
