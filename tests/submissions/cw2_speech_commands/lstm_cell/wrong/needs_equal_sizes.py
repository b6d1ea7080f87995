"""misconception: inputs_and_hidden_confused"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.ModuleList([nn.Linear(input_size, hidden_size, bias=bias) for _ in range(4)])
        self.h = nn.ModuleList([nn.Linear(input_size, hidden_size, bias=bias) for _ in range(4)])

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size),) * 2
        z = [a(input) + b(hx[0]) for a, b in zip(self.x, self.h)]
        c = torch.sigmoid(z[0]) * hx[1] + torch.sigmoid(z[1]) * torch.tanh(z[2])
        return torch.sigmoid(z[3]) * torch.tanh(c), c
