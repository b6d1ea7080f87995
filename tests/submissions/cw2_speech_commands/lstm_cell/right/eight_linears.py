"""One nn.Linear for each gate and each source."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        for gate in "ifgo":
            setattr(self, "x" + gate, nn.Linear(input_size, hidden_size, bias=bias))
            setattr(self, "h" + gate, nn.Linear(hidden_size, hidden_size, bias=bias))

    def forward(self, input, hx=None):
        if hx is None:
            zero = torch.zeros(input.size(0), self.hidden_size, dtype=input.dtype, device=input.device)
            hx = (zero, zero)
        h, c = hx
        i = torch.sigmoid(self.xi(input) + self.hi(h))
        f = torch.sigmoid(self.xf(input) + self.hf(h))
        g = torch.tanh(self.xg(input) + self.hg(h))
        o = torch.sigmoid(self.xo(input) + self.ho(h))
        c = f * c + i * g
        return o * torch.tanh(c), c
