"""Works on column vectors, transposed in and out."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        def matrix(rows, columns):
            return nn.Parameter(torch.randn(rows, columns) / (rows + columns) ** 0.5)
        self.hidden_size = hidden_size
        self.Wr, self.Wz, self.Wn = (matrix(hidden_size, input_size) for _ in range(3))
        self.Ur, self.Uz, self.Un = (matrix(hidden_size, hidden_size) for _ in range(3))
        self.biases = bias
        if bias:
            self.br, self.bz, self.bn, self.bu = (nn.Parameter(torch.zeros(hidden_size, 1)) for _ in range(4))

    def forward(self, input, hx=None):
        x = input.T
        h = (input.new_zeros(input.size(0), self.hidden_size) if hx is None else hx).T
        br, bz, bn, bu = (self.br, self.bz, self.bn, self.bu) if self.biases else (0, 0, 0, 0)
        r = torch.sigmoid(self.Wr @ x + self.Ur @ h + br)
        z = torch.sigmoid(self.Wz @ x + self.Uz @ h + bz)
        n = torch.tanh(self.Wn @ x + bn + r * (self.Un @ h + bu))
        return ((1 - z) * n + z * h).T
