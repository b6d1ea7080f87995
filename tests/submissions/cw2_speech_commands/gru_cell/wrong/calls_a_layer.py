"""misconception: calls_the_solution"""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.layer = nn.GRU(input_size, hidden_size, bias=bias, batch_first=True)

    def forward(self, input, hx=None):
        return self.layer(input.unsqueeze(1), None if hx is None else hx.unsqueeze(0))[0][:, 0]
