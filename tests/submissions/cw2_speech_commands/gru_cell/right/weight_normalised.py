"""Weight normalisation on every layer."""

import torch
from torch import nn


from torch.nn.utils.parametrizations import weight_norm


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.a = weight_norm(nn.Linear(input_size, 3 * hidden_size, bias))
        self.b = weight_norm(nn.Linear(hidden_size, 3 * hidden_size, bias))

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(len(input), self.hidden_size)
        a, b = self.a(input).view(-1, 3, self.hidden_size), self.b(hx).view(-1, 3, self.hidden_size)
        r, z = torch.sigmoid(a[:, :2] + b[:, :2]).unbind(1)
        n = torch.tanh(a[:, 2] + r * b[:, 2])
        return (1 - z) * n + z * hx
