"""misconception: hard_coded_size | depends_on_global"""

import torch
from torch import nn


hidden = 64


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.x, self.h = nn.Linear(input_size, 3 * hidden, bias=bias), nn.Linear(hidden, 3 * hidden, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), hidden)
        a, b = self.x(input).chunk(3, 1), self.h(hx).chunk(3, 1)
        r, z = torch.sigmoid(a[0] + b[0]), torch.sigmoid(a[1] + b[1])
        return (1 - z) * torch.tanh(a[2] + r * b[2]) + z * hx
