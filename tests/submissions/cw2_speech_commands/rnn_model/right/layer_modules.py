"""A module for a layer that maps whole sequences to whole sequences."""
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


class Layer(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, sequence, state):
        outputs = []
        for t in range(sequence.shape[1]):
            state = self.cell(sequence[:, t], state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(outputs, dim=1)


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        kinds = {"LSTM": (LSTMCell, {}), "GRU": (GRUCell, {}),
                 "RNN_TANH": (BasicRNNCell, {"nonlinearity": "tanh"}),
                 "RNN_RELU": (BasicRNNCell, {"nonlinearity": "relu"})}
        if mode not in kinds:
            raise ValueError(f"mode {mode!r}")
        kind, more = kinds[mode]
        self.first = Layer(kind(input_size, hidden_size, bias, **more))
        self.others = nn.Sequential(
            *[Layer(kind(hidden_size, hidden_size, bias, **more)) for _ in range(num_layers - 1)]
        )
        self.classify = nn.Sequential(nn.Identity(), nn.Linear(hidden_size, output_size))

    def forward(self, input, hx=None):
        start = hx if hx is not None else [None] * (1 + len(self.others))
        start = list(zip(*start)) if isinstance(start, tuple) else start
        sequence = self.first(input, start[0])
        for layer, state in zip(self.others, start[1:]):
            sequence = layer(sequence, state)
        return self.classify(sequence[:, -1, :])
