"""Checks its arguments, and one of the checks looks at values."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        if input_size < 1 or hidden_size < 1:
            raise ValueError("sizes must be positive")
        self.input_size, self.hidden_size = input_size, hidden_size
        self.from_x = nn.ModuleList([nn.Linear(input_size, hidden_size, bias) for _ in range(4)])
        self.from_h = nn.ModuleList([nn.Linear(hidden_size, hidden_size, bias) for _ in range(4)])

    def forward(self, input, hx=None):
        assert input.dim() == 2 and input.size(1) == self.input_size
        if torch.isnan(input).any():
            raise ValueError("NaN in the input")
        if hx is None:
            hx = (torch.zeros((input.size(0), self.hidden_size), dtype=input.dtype, device=input.device),
                  torch.zeros((input.size(0), self.hidden_size), dtype=input.dtype, device=input.device))
        h, c = hx
        assert h.shape == c.shape == (input.size(0), self.hidden_size)
        z = [a(input) + b(h) for a, b in zip(self.from_x, self.from_h)]
        c_new = z[0].sigmoid() * c + z[1].sigmoid() * z[2].tanh()
        h_new = z[3].sigmoid() * c_new.tanh()
        return h_new, c_new
