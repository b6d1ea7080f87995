"""misconception: state_required"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.all = nn.Linear(input_size + hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        h, c = hx
        i, f, g, o = self.all(torch.cat([h, input], 1)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c
