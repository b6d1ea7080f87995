"""All gates in one layer; both directions share a run over a list of frames."""

import torch
from torch import nn


class BasicRNNCell(nn.Module):
    """One step of a plain recurrent network: h' = f(W_x x + b_x + W_h h + b_h)."""

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh"):
        super().__init__()
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity is 'tanh' or 'relu', not {nonlinearity!r}")
        self.input_size, self.hidden_size = input_size, hidden_size
        self.activation = {"tanh": torch.tanh, "relu": torch.relu}[nonlinearity]
        self.x2h = nn.Linear(input_size, hidden_size, bias=bias)
        self.h2h = nn.Linear(hidden_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.shape[0], self.hidden_size)
        return self.activation(self.x2h(input) + self.h2h(hx))


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.lin = nn.Linear(input_size + hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(len(input), self.hidden_size),) * 2
        h, c = hx
        f, i, o, g = self.lin(torch.cat([input, h], 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.x = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.h = nn.Linear(hidden_size, 3 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(len(input), self.hidden_size)
        a, b, c = self.x(input).chunk(3, 1)
        d, e, f = self.h(hx).chunk(3, 1)
        z = torch.sigmoid(b + e)
        return (1 - z) * torch.tanh(c + torch.sigmoid(a + d) * f) + z * hx


def make_cell(mode, n, hidden, bias):
    if mode == "LSTM":
        return LSTMCell(n, hidden, bias)
    if mode == "GRU":
        return GRUCell(n, hidden, bias)
    if mode == "RNN_TANH":
        return BasicRNNCell(n, hidden, bias, "tanh")
    if mode == "RNN_RELU":
        return BasicRNNCell(n, hidden, bias, "relu")
    raise ValueError(f"mode {mode!r}")


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.mode, self.hidden_size, self.num_layers = mode, hidden_size, num_layers
        self.fwd = nn.ModuleList(
            [
                make_cell(mode, input_size if l == 0 else hidden_size, hidden_size, bias)
                for l in range(num_layers)
            ]
        )
        self.rev = nn.ModuleList(
            [
                make_cell(mode, input_size if l == 0 else hidden_size, hidden_size, bias)
                for l in range(num_layers)
            ]
        )
        self.fc = nn.Linear(2 * hidden_size, output_size)

    def run(self, cells, xs, states):
        outs = []
        for x in xs:
            for l, cell in enumerate(cells):
                states[l] = cell(x, states[l])
                x = states[l][0] if self.mode == "LSTM" else states[l]
            outs.append(x)
        return outs

    def forward(self, input, hx=None):
        L = self.num_layers
        if hx is None:
            h0 = input.new_zeros(2 * L, input.shape[0], self.hidden_size)
            hx = (h0, h0) if self.mode == "LSTM" else h0
        states = [(hx[0][l], hx[1][l]) if self.mode == "LSTM" else hx[l] for l in range(2 * L)]
        xs = list(input.unbind(1))
        outs = self.run(self.fwd, xs, states[:L])
        outs_rev = self.run(self.rev, xs[::-1], states[L:])
        out = torch.cat([outs[-1], outs_rev[-1]], dim=1)
        return self.fc(out)
