"""Two fused layers with an unusual gate order."""

import math

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super(LSTMCell, self).__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)
        self.reset_parameters()

    def reset_parameters(self):
        std = 1.0 / math.sqrt(self.hidden_size)
        for w in self.parameters():
            w.data.uniform_(-std, std)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size, requires_grad=False)
            hx = (hx, hx)
        hx, cx = hx
        preact = self.i2h(input) + self.h2h(hx)
        gates = preact[:, : 3 * self.hidden_size].sigmoid()
        g_t = preact[:, 3 * self.hidden_size :].tanh()
        o_t = gates[:, : self.hidden_size]
        i_t = gates[:, self.hidden_size : 2 * self.hidden_size]
        f_t = gates[:, -self.hidden_size :]
        cy = torch.mul(cx, f_t) + torch.mul(i_t, g_t)
        hy = torch.mul(o_t, cy.tanh())
        return hy, cy
