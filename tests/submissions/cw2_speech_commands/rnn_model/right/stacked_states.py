"""States are one tensor (L, B, H) that is rebuilt at every step; readout by a bare matrix."""
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


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.readout_b = nn.Parameter(torch.zeros(output_size))
        self.readout_w = nn.Parameter(torch.randn(hidden_size, output_size) / hidden_size)
        choose = {
            "GRU": lambda n: GRUCell(n, hidden_size, bias=bias),
            "RNN_RELU": lambda n: BasicRNNCell(n, hidden_size, bias=bias, nonlinearity="relu"),
            "RNN_TANH": lambda n: BasicRNNCell(n, hidden_size, bias=bias),
            "LSTM": lambda n: LSTMCell(n, hidden_size, bias=bias),
        }.get(mode)
        if choose is None:
            raise ValueError("mode")
        self.cells = nn.ModuleDict({str(k): choose(hidden_size if k else input_size) for k in range(num_layers)})
        self.shape = (num_layers, hidden_size)
        self.is_lstm = mode == "LSTM"

    def forward(self, input, hx=None):
        layers, width = self.shape
        zeros = torch.zeros_like(input[:, 0, :1]).expand(input.size(0), width)
        zeros = torch.stack([zeros] * layers)
        if self.is_lstm:
            h, c = hx or (zeros, zeros)
        else:
            h = zeros if hx is None else hx
        for step in range(input.size(1)):
            now, new_h, new_c = input.select(1, step), [], []
            for k in range(layers):
                if self.is_lstm:
                    now, memory = self.cells[str(k)](now, (h[k], c[k]))
                    new_c.append(memory)
                else:
                    now = self.cells[str(k)](now, h[k])
                new_h.append(now)
            h = torch.stack(new_h, 0)
            c = torch.stack(new_c, 0) if new_c else None
        return torch.einsum("bh,hk->bk", h[-1], self.readout_w) + self.readout_b
