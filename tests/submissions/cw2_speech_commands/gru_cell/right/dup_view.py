"""Six matrices in a ParameterList."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.ws = nn.ParameterList()
        for _ in range(3):
            for n in (input_size, hidden_size):
                self.ws.append(nn.Parameter(torch.randn(n, hidden_size) * .1))
        self.bs = nn.ParameterList([nn.Parameter(torch.zeros(hidden_size)) for _ in range(4)]) if bias else None
    def forward(self, input, hx=None):
        hx = torch.zeros_like(input @ self.ws[0]) if hx is None else hx
        b = self.bs if self.bs is not None else [0]*4
        r = torch.sigmoid(input @ self.ws[0] + hx @ self.ws[1] + b[0])
        z = torch.sigmoid(input @ self.ws[2] + hx @ self.ws[3] + b[1])
        h = torch.tanh(input @ self.ws[4] + r * (hx @ self.ws[5] + b[3]) + b[2])
        return (1 - z) * h + z * hx
