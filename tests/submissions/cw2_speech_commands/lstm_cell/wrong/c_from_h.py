"""misconception: hidden_for_old_cell

h = c = hx[0].
"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        n = input_size + hidden_size
        self.wi = nn.Linear(n, hidden_size, bias=bias)
        self.wf = nn.Linear(n, hidden_size, bias=bias)
        self.wo = nn.Linear(n, hidden_size, bias=bias)
        self.wg = nn.Linear(n, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            h = torch.zeros(input.size(0), self.hidden_size, dtype=input.dtype, device=input.device)
            c = torch.zeros_like(h)
        else:
            h = c = hx[0]
        z = torch.cat((input, h), dim=1)
        i = torch.sigmoid(self.wi(z))
        f = torch.sigmoid(self.wf(z))
        o = torch.sigmoid(self.wo(z))
        g = torch.tanh(self.wg(z))
        c_new = f * c + i * g
        h_new = o * torch.tanh(c_new)
        return h_new, c_new
