"""A convolution of width one as the affine map."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.conv = nn.Conv1d(input_size + hidden_size, 4 * hidden_size, kernel_size=1, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.shape[0], self.hidden_size), input.new_zeros(input.shape[0], self.hidden_size))
        h, c = hx
        z = self.conv(torch.cat([input, h], 1).unsqueeze(-1)).squeeze(-1)
        i, f, o, g = z.split(self.hidden_size, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c
