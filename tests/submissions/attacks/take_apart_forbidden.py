"""tries: have torch take its own cell apart into operations that nobody listens to

after: marks
"""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        k = hidden_size**-0.5
        self.H = hidden_size
        P = lambda *s: nn.Parameter(torch.empty(*s).uniform_(-k, k))
        self.weight_ih, self.weight_hh = (
            P(4 * hidden_size, input_size),
            P(4 * hidden_size, hidden_size),
        )
        if bias:
            self.bias_ih, self.bias_hh = P(4 * hidden_size), P(4 * hidden_size)
        else:
            self.bias_ih = self.bias_hh = None

    def forward(self, input, hx=None):
        if hx is None:
            z = torch.zeros(input.shape[0], self.H, dtype=input.dtype, device=input.device)
            hx = (z, z)
        whole = torch.ops.aten.lstm_cell.default
        state = [part.contiguous() for part in hx]
        weights = (self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return whole.decompose(input, state, *weights)
