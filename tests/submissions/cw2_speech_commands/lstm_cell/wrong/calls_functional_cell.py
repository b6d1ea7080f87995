"""misconception: calls_the_solution"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.a, self.b = nn.Linear(input_size, 4 * hidden_size, bias), nn.Linear(hidden_size, 4 * hidden_size, bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size),) * 2
        step = getattr(torch, "lstm" + "_cell")
        return step(input, hx, self.a.weight, self.b.weight, self.a.bias, self.b.bias)
