"""misconception: no_recurrent_input"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.gates = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.candidate_x = nn.Linear(input_size, hidden_size, bias=bias)
        self.candidate_h = nn.Linear(hidden_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = [input.new_zeros(input.size(0), self.hidden_size) for _ in "hc"]
        h, c = hx
        i, f, o = torch.sigmoid(self.gates(input)).chunk(3, 1)
        c = f * c + i * torch.tanh(self.candidate_x(input) + self.candidate_h(h))
        return o * torch.tanh(c), c
