"""The reverse half comes first in the concatenation; flip along time; layers outside."""
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


class Stack(nn.Module):
    def __init__(self, mode, n_in, n, layers, bias):
        super().__init__()
        self.cells = nn.ModuleList([make_cell(mode, n if k else n_in, n, bias) for k in range(layers)])

    def forward(self, sequence, start):
        for k, cell in enumerate(self.cells):
            state, outputs = start[k] if start is not None else None, []
            for x in sequence.unbind(1):
                state = cell(x, state)
                outputs.append(state if torch.is_tensor(state) else state[0])
            sequence = torch.stack(outputs, 1)
        return sequence[:, -1]


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.reverse = Stack(mode, input_size, hidden_size, num_layers, bias)
        self.ahead = Stack(mode, input_size, hidden_size, num_layers, bias)
        self.readout = nn.Linear(hidden_size * 2, output_size)

    def forward(self, input, hx=None):
        states = list(zip(*hx)) if isinstance(hx, tuple) else hx
        L = len(self.ahead.cells)
        ahead, back = (None, None) if hx is None else (states[:L], states[L:])
        both = [self.reverse(torch.flip(input, dims=(1,)), back), self.ahead(input, ahead)]
        return self.readout(torch.cat(both, dim=-1))
