"""misconception: states_in_wrong_order"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        n = input_size + hidden_size
        self.hidden_size = hidden_size
        self.Wi, self.Wf = nn.Linear(n, hidden_size, bias=bias), nn.Linear(n, hidden_size, bias=bias)
        self.Wc, self.Wo = nn.Linear(n, hidden_size, bias=bias), nn.Linear(n, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            zero = torch.zeros(input.size(0), self.hidden_size, dtype=input.dtype, device=input.device)
            hx = zero, zero
        h, c = hx
        s = torch.cat([input, h], dim=1)
        i, f, o = torch.sigmoid(self.Wi(s)), torch.sigmoid(self.Wf(s)), torch.sigmoid(self.Wo(s))
        c = f * c + i * torch.tanh(self.Wc(s))
        return c, o * c.tanh()
