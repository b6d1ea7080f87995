"""Convolutions of width one."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.cx = nn.Conv1d(input_size, 3 * hidden_size, 1, bias=bias)
        self.ch = nn.Conv1d(hidden_size, 3 * hidden_size, 1, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = torch.zeros_like(input[:, :1]).repeat(1, self.hidden_size)
        x, h = self.cx(input[:, :, None])[..., 0], self.ch(hx[:, :, None])[..., 0]
        H = self.hidden_size
        r = torch.sigmoid(x[:, :H] + h[:, :H])
        z = torch.sigmoid(x[:, H : 2 * H] + h[:, H : 2 * H])
        return (1 - z) * torch.tanh(x[:, 2 * H :] + r * h[:, 2 * H :]) + z * hx
