"""Built of two one-directional models without their readout."""
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
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.cells = nn.ModuleList(
            make_cell(mode, hidden_size if k else input_size, hidden_size, bias)
            for k in range(num_layers)
        )
        self.fc = nn.Linear(hidden_size, output_size)

    def last(self, input, states):
        for x in input.unbind(1):
            for k, cell in enumerate(self.cells):
                states[k] = cell(x, states[k])
                x = states[k][0] if isinstance(states[k], tuple) else states[k]
        return x

    def forward(self, input, hx=None):
        states = [None] * len(self.cells) if hx is None else list(hx)
        return self.fc(self.last(input, states))


class BidirRecurrentModel(RNNModel):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__(mode, input_size, hidden_size, num_layers, bias, output_size)
        self.twin = RNNModel(mode, input_size, hidden_size, num_layers, bias, output_size)
        self.fc = nn.Linear(2 * hidden_size, output_size)
        self.twin.fc = nn.Identity()

    def forward(self, input, hx=None):
        n = len(self.cells)
        start = [None] * 2 * n if hx is None else hx
        start = list(zip(*start)) if isinstance(start, tuple) else start
        first = RNNModel.last(self, input, list(start[:n]))
        second = self.twin(input.flip(1), list(start[n:]))
        return self.fc(torch.hstack([first, second]))
