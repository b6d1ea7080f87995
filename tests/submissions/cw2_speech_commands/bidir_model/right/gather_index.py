"""The reverse sequence by an index tensor; whole-sequence layers; states read at the end."""
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


def unroll(cell, sequence, state):
    collected = []
    for t in range(sequence.shape[0]):
        state = cell(sequence[t], state)
        collected.append(state[0] if isinstance(state, tuple) else state)
    return torch.stack(collected)


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        size = lambda k: hidden_size if k else input_size
        self.up = nn.ModuleList([make_cell(mode, size(k), hidden_size, bias) for k in range(num_layers)])
        self.down = nn.ModuleList([make_cell(mode, size(k), hidden_size, bias) for k in range(num_layers)])
        self.w = nn.Parameter(torch.randn(output_size, 2, hidden_size) * 0.1)
        self.b = nn.Parameter(torch.zeros(output_size))
        self.mode = mode

    def forward(self, input, hx=None):
        time_first = input.transpose(0, 1)
        backwards = torch.arange(time_first.shape[0] - 1, -1, -1, device=input.device)
        finals = []
        for d, cells in enumerate((self.up, self.down)):
            sequence = time_first if d == 0 else time_first.index_select(0, backwards)
            for k, cell in enumerate(cells):
                state = None
                if hx is not None:
                    i = d * len(cells) + k
                    state = (hx[0][i], hx[1][i]) if self.mode == "LSTM" else hx[i]
                sequence = unroll(cell, sequence, state)
            finals.append(sequence[-1])
        return torch.einsum("dbh,kdh->bk", torch.stack(finals), self.w) + self.b
