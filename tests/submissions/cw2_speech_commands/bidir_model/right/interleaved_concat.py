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
    # concatenates as pairs (h_fwd[0], h_bwd[0], h_fwd[1], ...): only another order of the readout's columns
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.n = num_layers
        self.m = mode
        mk = lambda: nn.ModuleList(
            [
                make_cell(mode, input_size if l == 0 else hidden_size, hidden_size, bias)
                for l in range(num_layers)
            ]
        )
        self.both = nn.ModuleList([mk(), mk()])
        self.fc = nn.Linear(2 * hidden_size, output_size)

    def read(self, cells, x, states):
        T = x.shape[1]
        states = list(states)
        for t in range(T):
            y = x[:, t]
            for k in range(self.n):
                states[k] = cells[k](y, states[k])
                y = states[k][0] if self.m == "LSTM" else states[k]
        return y

    def forward(self, input, hx=None):
        if hx is None:
            s = [None] * (2 * self.n)
        else:
            s = [(a, b) for a, b in zip(*hx)] if self.m == "LSTM" else [h for h in hx]
        a = self.read(self.both[0], input, s[: self.n])
        b = self.read(self.both[1], torch.flip(input, dims=[1]), s[self.n :])
        return self.fc(torch.stack([a, b], dim=2).flatten(1))
