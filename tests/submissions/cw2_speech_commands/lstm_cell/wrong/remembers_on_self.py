"""misconception: state_kept_between_calls | default_state_not_zero | state_ignored"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size, self.state = hidden_size, None
        self.all = nn.Linear(input_size + hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = self.state
        if hx is None or hx[0].shape[0] != input.shape[0]:
            hx = (input.new_zeros(input.size(0), self.hidden_size), input.new_zeros(input.size(0), self.hidden_size))
        h, c = hx
        i, f, g, o = self.all(torch.cat([h, input], 1)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        self.state = (o.sigmoid() * c.tanh(), c)
        return self.state
