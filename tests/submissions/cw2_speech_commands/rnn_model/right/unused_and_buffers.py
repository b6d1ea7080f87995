"""Unused parameters, a buffer, printed debug output, keyword arguments with defaults."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def weights(*shape):
    return nn.Parameter(torch.empty(*shape).uniform_(-1, 1) / math.sqrt(shape[-1]))


class BasicRNNCell(nn.Module):
    def __init__(self, n_in, n, bias=True, nonlinearity="tanh"):
        super().__init__()
        self.n, self.act = n, {"tanh": torch.tanh, "relu": F.relu}[nonlinearity]
        self.U, self.W = weights(n, n_in), weights(n, n)
        self.b = weights(n) if bias else None

    def forward(self, x, h=None):
        h = torch.zeros(len(x), self.n).to(x) if h is None else h
        a = x @ self.U.T + h @ self.W.T
        return self.act(a if self.b is None else a + self.b)


class LSTMCell(nn.Module):
    def __init__(self, n_in, n, bias=True):
        super().__init__()
        self.n = n
        self.gates = nn.ModuleDict({k: nn.Linear(n_in + n, n, bias=bias) for k in "ofig"})

    def forward(self, x, state=None):
        if state is None:
            state = (torch.zeros(len(x), self.n).to(x),) * 2
        h, c = state
        both = torch.cat([h, x], 1)
        i, f, o = (torch.sigmoid(self.gates[k](both)) for k in "ifo")
        c = f * c + i * torch.tanh(self.gates["g"](both))
        return o * torch.tanh(c), c


class GRUCell(nn.Module):
    def __init__(self, n_in, n, bias=True):
        super().__init__()
        self.n = n
        self.r = nn.Linear(n_in + n, n, bias=bias)
        self.z = nn.Linear(n_in + n, n, bias=bias)
        self.nx, self.nh = nn.Linear(n_in, n, bias=bias), nn.Linear(n, n, bias=bias)

    def forward(self, x, h=None):
        h = torch.zeros(len(x), self.n).to(x) if h is None else h
        both = torch.cat([x, h], 1)
        r, z = self.r(both).sigmoid(), self.z(both).sigmoid()
        return torch.lerp(torch.tanh(self.nx(x) + r * self.nh(h)), h, z)


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
    def __init__(self, mode="LSTM", input_size=20, hidden_size=64, num_layers=1, bias=True, output_size=3, verbose=False):
        super().__init__()
        self.register_buffer("steps", torch.zeros(1))
        self.attention = nn.Linear(hidden_size, hidden_size)
        self.last = nn.Linear(hidden_size, output_size)
        self.rnn = nn.ModuleList()
        for k in range(num_layers):
            self.rnn.append(make_cell(mode, [hidden_size, input_size][k == 0], hidden_size, bias))
        self.mode, self.verbose = mode, verbose

    def forward(self, input, hx=None):
        print("forward", input.shape)
        if hx is not None and self.mode == "LSTM":
            hx = [(h, c) for h, c in zip(hx[0], hx[1])]
        state = dict(enumerate(hx)) if hx is not None else {}
        for t in range(input.size(1)):
            signal = input[:, t]
            for k, cell in enumerate(self.rnn):
                state[k] = cell(signal, state.get(k))
                signal = state[k][0] if self.mode == "LSTM" else state[k]
        return self.last(signal)
