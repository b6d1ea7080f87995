"""All weights in one flat vector, cut up on the way."""

import torch
import torch.nn.functional as F
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.D, self.H, self.bias = input_size, hidden_size, bias
        n = 4 * hidden_size * (input_size + hidden_size + (1 if bias else 0))
        self.theta = nn.Parameter(torch.rand(n).mul_(0.4).sub_(0.2))

    def forward(self, input, hx=None):
        D, H = self.D, self.H
        W = self.theta[: 4 * H * D].view(4 * H, D)
        U = self.theta[4 * H * D : 4 * H * (D + H)].view(4 * H, H)
        b = self.theta[4 * H * (D + H) :] if self.bias else None
        if hx is None:
            z = input.new_zeros(input.size(0), H)
            h, c = z, z
        else:
            h, c = hx[0], hx[1]
        s = F.linear(input, W, b) + F.linear(h, U)
        c = torch.sigmoid(s[:, H : 2 * H]) * c + torch.sigmoid(s[:, :H]) * torch.tanh(s[:, 2 * H : 3 * H])
        return torch.sigmoid(s[:, 3 * H :]) * torch.tanh(c), c
