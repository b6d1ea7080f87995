"""Cells and states in lists, what is handed up in a method."""

import torch
from torch import nn


class BasicRNNCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh"):
        super().__init__()
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(nonlinearity)
        self.hidden_size, self.nonlinearity = hidden_size, nonlinearity
        self.ih = nn.Linear(input_size, hidden_size, bias=bias)
        self.hh = nn.Linear(hidden_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        return getattr(torch, self.nonlinearity)(self.ih(input) + self.hh(hx))


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.ih = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.hh = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            zeros = input.new_zeros(input.size(0), self.hidden_size)
            hx = (zeros, zeros)
        h, c = hx
        i, f, g, o = (self.ih(input) + self.hh(h)).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.ih = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.hh = nn.Linear(hidden_size, 3 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        xr, xz, xn = self.ih(input).chunk(3, dim=1)
        hr, hz, hn = self.hh(hx).chunk(3, dim=1)
        r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
        n = torch.tanh(xn + r * hn)
        return (1 - z) * n + z * hx


def make_cell(mode, n_in, n, bias):
    if mode == "LSTM":
        return LSTMCell(n_in, n, bias)
    if mode == "GRU":
        return GRUCell(n_in, n, bias)
    if mode == "RNN_TANH":
        return BasicRNNCell(n_in, n, bias, "tanh")
    if mode == "RNN_RELU":
        return BasicRNNCell(n_in, n, bias, "relu")
    raise ValueError(f"unknown mode {mode}")


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.mode, self.hidden_size, self.num_layers = mode, hidden_size, num_layers
        self.cells = nn.ModuleList(
            make_cell(mode, hidden_size if k else input_size, hidden_size, bias)
            for k in range(num_layers)
        )
        self.fc = nn.Linear(hidden_size, output_size)

    def begin(self, hx):
        if hx is None:
            return [None] * self.num_layers
        return list(zip(*hx)) if self.mode == "LSTM" else list(hx)

    def shown(self, state):
        return state[0] if self.mode == "LSTM" else state

    def forward(self, input, hx=None):
        states, outs = self.begin(hx), []
        for t in range(input.size(1)):
            x = input[:, t]
            for k, cell in enumerate(self.cells):
                states[k] = cell(x, states[k])
                x = self.shown(states[k])
            outs.append(x)
        return self.fc(outs[-1])
