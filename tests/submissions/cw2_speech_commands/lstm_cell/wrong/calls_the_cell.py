"""misconception: calls_the_solution"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.inner = nn.LSTMCell(input_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        return self.inner(input, hx)
