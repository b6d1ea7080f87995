"""Two readout matrices, one a direction, added: the same as one over the concatenation."""
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


def cell_for(mode, i, h, bias):
    table = {"LSTM": LSTMCell, "GRU": GRUCell, "RNN_TANH": BasicRNNCell}
    if mode == "RNN_RELU":
        return BasicRNNCell(i, h, bias, nonlinearity="relu")
    if mode in table:
        return table[mode](i, h, bias)
    raise ValueError(f"no such mode: {mode}")


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.l = num_layers
        for name in ("fw", "bw"):
            for k in range(num_layers):
                setattr(self, f"{name}{k}", cell_for(mode, hidden_size if k > 0 else input_size, hidden_size, bias))
        self.fw_out = nn.Linear(hidden_size, output_size)
        self.bw_out = nn.Linear(hidden_size, output_size, bias=False)

    def final(self, name, sequence, states):
        index = range(sequence.size(1)) if name == "fw" else range(sequence.size(1) - 1, -1, -1)
        for t in index:
            x = sequence[:, t]
            for k in range(self.l):
                states[k] = getattr(self, f"{name}{k}")(x, states[k])
                x = states[k][0] if type(states[k]) is tuple else states[k]
        return x

    def forward(self, input, hx=None):
        states = {"fw": [None] * self.l, "bw": [None] * self.l}
        if hx is not None:
            parts = list(zip(hx[0], hx[1])) if isinstance(hx, tuple) else [h for h in hx]
            states = {"fw": parts[: self.l], "bw": parts[self.l :]}
        return self.fw_out(self.final("fw", input, states["fw"])) + self.bw_out(
            self.final("bw", input, states["bw"])
        )
