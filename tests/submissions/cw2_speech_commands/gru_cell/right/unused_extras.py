"""Unused parameters and a constructor with keyword extras."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True, dropout=0.0):
        super().__init__()
        self.hidden_size = hidden_size
        self.unused = nn.Parameter(torch.zeros(2, 2))
        self.dropout = nn.Dropout(dropout)
        self.W = nn.Parameter(torch.Tensor(3 * hidden_size, input_size))
        self.U = nn.Parameter(torch.Tensor(3 * hidden_size, hidden_size))
        self.b = nn.Parameter(torch.Tensor(3 * hidden_size)) if bias else None
        self.k = nn.Parameter(torch.Tensor(3 * hidden_size)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        for p in self.parameters():
            torch.nn.init.uniform_(p, -1 / self.hidden_size**0.5, 1 / self.hidden_size**0.5)

    def forward(self, input, hx=None):
        if hx is None:
            hx = torch.zeros(input.size(0), self.hidden_size, dtype=self.W.dtype, device=self.W.device)
        x = nn.functional.linear(self.dropout(input), self.W, self.b)
        h = nn.functional.linear(hx, self.U, self.k)
        x_r, x_z, x_n = x.chunk(3, -1)
        h_r, h_z, h_n = h.chunk(3, -1)
        z = torch.sigmoid(x_z + h_z)
        return z * hx + (1 - z) * torch.tanh(x_n + torch.sigmoid(x_r + h_r) * h_n)
