"""Stacked tensors and einsum; shared bias list."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.Wx = nn.Parameter(torch.randn(3, input_size, hidden_size) * 0.2)
        self.Wh = nn.Parameter(torch.randn(3, hidden_size, hidden_size) * 0.2)
        if bias:
            self.bias = nn.ParameterList([nn.Parameter(torch.zeros(hidden_size)) for _ in range(4)])
        else:
            self.bias = [0.0] * 4

    def forward(self, input, hx=None):
        if hx is None:
            hx = torch.zeros(input.size(0), self.Wh.size(-1), dtype=input.dtype, device=input.device)
        x = torch.einsum("bd,gdh->gbh", input, self.Wx)
        h = torch.einsum("bk,gkh->gbh", hx, self.Wh)
        z = torch.sigmoid(x[0] + h[0] + self.bias[0])
        r = torch.sigmoid(x[1] + h[1] + self.bias[1])
        n = torch.tanh(x[2] + self.bias[2] + r * (h[2] + self.bias[3]))
        return n - z * n + z * hx
