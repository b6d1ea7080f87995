"""Parameters and buffers that nothing reads; three biases for each gate."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.unused = nn.Parameter(torch.randn(3))
        self.register_buffer("steps", torch.tensor(0))
        self.norm = nn.LayerNorm(hidden_size)
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)
        self.extra = nn.Parameter(torch.zeros(4 * hidden_size)) if bias else None

    def forward(self, input, hx=None, trace=False):
        if hx is None:
            hx = (torch.zeros_like(input[:, :1]).expand(-1, self.hidden_size),) * 2
        h, c = hx
        z = self.x(input) + self.h(h)
        if self.extra is not None:
            z = z + self.extra
        z = z.view(-1, 4, self.hidden_size)
        i, f, o = torch.sigmoid(z[:, :3]).unbind(1)
        c = f * c + i * torch.tanh(z[:, 3])
        return o * torch.tanh(c), c
