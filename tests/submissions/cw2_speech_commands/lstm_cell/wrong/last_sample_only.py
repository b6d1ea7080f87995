"""misconception: one_row_of_the_batch | single_row_only"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.layer = nn.Linear(input_size + hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size), input.new_zeros(input.size(0), self.hidden_size))
        for x, h, c in zip(input, *hx):
            i, f, g, o = self.layer(torch.cat([x, h])).chunk(4)
            c_new = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h_new = torch.sigmoid(o) * torch.tanh(c_new)
        return h_new.expand(len(input), -1), c_new.expand(len(input), -1)
