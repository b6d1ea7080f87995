"""The reset gate says what to drop: r' = 1 - r."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.drop = nn.Linear(input_size + hidden_size, hidden_size, bias=bias)
        self.keep = nn.Linear(input_size + hidden_size, hidden_size, bias=bias)
        self.new_x = nn.Linear(input_size, hidden_size, bias=bias)
        self.new_h = nn.Linear(hidden_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        both = torch.cat((hx, input), 1)
        memory = self.new_h(hx)
        n = torch.tanh(self.new_x(input) + memory - torch.sigmoid(self.drop(both)) * memory)
        return torch.where(torch.ones_like(hx).bool(), n + torch.sigmoid(self.keep(both)) * (hx - n), n)
