"""Layers outside: each one reads the whole list of outputs of the one below."""
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


CELLS = {
    "LSTM": LSTMCell,
    "GRU": GRUCell,
    "RNN_TANH": BasicRNNCell,
    "RNN_RELU": lambda i, h, b: BasicRNNCell(i, h, b, nonlinearity="relu"),
}


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode not in CELLS:
            raise ValueError("mode must be one of " + ", ".join(CELLS))
        sizes = [input_size] + [hidden_size] * num_layers
        for k in range(num_layers):
            self.add_module(f"cell_{k}", CELLS[mode](sizes[k], sizes[k + 1], bias))
        self.depth, self.pair = num_layers, mode == "LSTM"
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        sequence = list(input.unbind(1))
        for k in range(self.depth):
            cell, state = getattr(self, f"cell_{k}"), None
            if hx is not None:
                state = (hx[0][k], hx[1][k]) if self.pair else hx[k]
            outputs = []
            for x in sequence:
                state = cell(x, state)
                outputs.append(state[0] if self.pair else state)
            sequence = outputs
        return self.out(sequence[-1])
