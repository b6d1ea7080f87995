"""ParameterDict by gate; the bias sits on the state."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.has_bias = bool(bias)
        self.p = nn.ParameterDict()
        for gate in ("in", "out", "forget", "cell"):
            self.p["W_" + gate] = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden_size, input_size)))
            self.p["U_" + gate] = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden_size, hidden_size)))
            if bias:
                self.p["b_" + gate] = nn.Parameter(torch.zeros(hidden_size, 1))

    def pre(self, gate, x, h):
        z = self.p["W_" + gate] @ x.T + self.p["U_" + gate] @ h.T
        return z + self.p["b_" + gate] if self.has_bias else z

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size),) * 2
        h, c = hx
        i, o, f = (torch.sigmoid(self.pre(g, input, h)) for g in ("in", "out", "forget"))
        c = f.T * c + (i * torch.tanh(self.pre("cell", input, h))).T
        return o.T * torch.tanh(c), c
