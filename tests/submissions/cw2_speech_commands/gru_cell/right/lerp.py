"""torch.lerp does the mixing; bare transposed parameters, one bias for each gate, two in the candidate."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        k = hidden_size**-0.5
        self.Wx = nn.Parameter(torch.empty(input_size, 3 * hidden_size).uniform_(-k, k))
        self.Wh = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size).uniform_(-k, k))
        self.b = nn.Parameter(torch.zeros(3 * hidden_size)) if bias else None
        self.k = nn.Parameter(torch.zeros(hidden_size)) if bias else 0.0
        self.hidden_size = hidden_size

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        gx = input @ self.Wx
        if self.b is not None:
            gx = gx + self.b
        gh = hx @ self.Wh
        H = self.hidden_size
        gates = torch.sigmoid(gx[:, : 2 * H] + gh[:, : 2 * H])
        n = torch.tanh(gx[:, 2 * H :] + gates[:, H:] * (gh[:, 2 * H :] + self.k))
        return torch.lerp(n, hx, gates[:, :H])
