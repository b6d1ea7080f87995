"""Both directions in one loop over time; outputs kept in lists; the last of each list is read."""
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


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.mode, self.num_layers = mode, num_layers
        self.rnn_cell_list = nn.ModuleList()
        self.rnn_cell_list_rev = nn.ModuleList()
        for layer in range(num_layers):
            size = input_size if layer == 0 else hidden_size
            self.rnn_cell_list.append(make_cell(mode, size, hidden_size, bias))
            self.rnn_cell_list_rev.append(make_cell(mode, size, hidden_size, bias))
        self.fc = nn.Linear(hidden_size * 2, output_size)

    def out(self, state):
        return state[0] if self.mode == "LSTM" else state

    def forward(self, input, hx=None):
        n = self.num_layers
        hidden, hidden_rev = [None] * n, [None] * n
        if hx is not None:
            if self.mode == "LSTM":
                hidden = [(hx[0][k], hx[1][k]) for k in range(n)]
                hidden_rev = [(hx[0][n + k], hx[1][n + k]) for k in range(n)]
            else:
                hidden, hidden_rev = list(hx[:n]), list(hx[n:])
        outs, outs_rev = [], []
        T = input.shape[1]
        for t in range(T):
            for layer in range(n):
                x = input[:, t] if layer == 0 else self.out(hidden[layer - 1])
                y = input[:, -(t + 1)] if layer == 0 else self.out(hidden_rev[layer - 1])
                hidden[layer] = self.rnn_cell_list[layer](x, hidden[layer])
                hidden_rev[layer] = self.rnn_cell_list_rev[layer](y, hidden_rev[layer])
            outs.append(self.out(hidden[-1]))
            outs_rev.append(self.out(hidden_rev[-1]))
        return self.fc(torch.cat((outs[-1].squeeze(), outs_rev[-1].squeeze()), -1).view(input.shape[0], -1))
