"""misconception: reverse_reads_last_frame

layerwise last.
"""
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


class BidirRecurrentModel(nn.Module):
    """Layer by layer over whole sequences; the outputs at the last time step are joined."""

    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        sizes = [input_size] + [hidden_size] * num_layers
        pairs = list(zip(sizes[:-1], sizes[1:]))
        self.f = nn.ModuleList(make_cell(mode, a, b, bias) for a, b in pairs)
        self.r = nn.ModuleList(make_cell(mode, a, b, bias) for a, b in pairs)
        self.out = nn.Linear(2 * hidden_size, output_size)

    def sweep(self, cell, sequence, order, state):
        result = [None] * len(sequence)
        for t in order:
            state = cell(sequence[t], state)
            result[t] = state[0] if isinstance(state, tuple) else state
        return result

    def forward(self, input, hx=None):
        T = input.size(1)
        L = len(self.f)
        start = [None] * 2 * L
        if hx is not None:
            start = list(zip(*hx)) if isinstance(hx, tuple) else list(hx)
        forward = reverse = list(input.unbind(1))
        for k in range(L):
            forward = self.sweep(self.f[k], forward, range(T), start[k])
            reverse = self.sweep(self.r[k], reverse, range(T - 1, -1, -1), start[L + k])
        return self.out(torch.cat([forward[T - 1], reverse[T - 1]], 1))
