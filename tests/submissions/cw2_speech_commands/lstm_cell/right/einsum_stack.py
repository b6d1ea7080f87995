"""Stacked tensors (4, H, D) and einsum."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.Wx = nn.Parameter(0.3 * torch.randn(4, hidden_size, input_size))
        self.Wh = nn.Parameter(0.3 * torch.randn(4, hidden_size, hidden_size))
        self.b = nn.Parameter(torch.zeros(4, hidden_size)) if bias else None

    def forward(self, input, hx=None):
        H = self.Wh.shape[-1]
        if hx is None:
            hx = torch.zeros(2, input.shape[0], H, dtype=input.dtype, device=input.device).unbind(0)
        h, c = hx
        z = torch.einsum("ghd,bd->gbh", self.Wx, input) + torch.einsum("ghk,bk->gbh", self.Wh, h)
        if self.b is not None:
            z = z + self.b[:, None, :]
        i, f, o = z[:3].sigmoid()
        g = z[3].tanh()
        c = f * c + i * g
        h = o * c.tanh()
        return h, c
