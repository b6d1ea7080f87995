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


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode == "LSTM":
            Cell = LSTMCell
        elif mode == "GRU":
            Cell = GRUCell
        elif mode == "RNN_TANH":
            Cell = lambda a, b, c: BasicRNNCell(a, b, c, nonlinearity="tanh")
        elif mode == "RNN_RELU":
            Cell = lambda a, b, c: BasicRNNCell(a, b, c, nonlinearity="relu")
        else:
            raise ValueError(f"unknown mode {mode}")
        self.pair = mode == "LSTM"
        for l in range(num_layers):
            self.add_module(
                f"cell_{l}", Cell(input_size if l == 0 else hidden_size, hidden_size, bias)
            )
        self.L = num_layers
        self.V = nn.Parameter(torch.randn(hidden_size, output_size) / hidden_size**0.5)
        self.c = nn.Parameter(torch.zeros(output_size))
        self.last_hidden = None

    def forward(self, input, hx=None):
        cells = [getattr(self, f"cell_{l}") for l in range(self.L)]
        hs = [None] * self.L
        if hx is not None:
            hs = [(hx[0][l], hx[1][l]) if self.pair else hx[l] for l in range(self.L)]
        T = input.size(1)
        for t in range(T):
            h = input[:, t]
            for l, cell in enumerate(cells):
                hs[l] = cell(h, hs[l])
                h = hs[l][0] if self.pair else hs[l]
        self.last_hidden = h.detach()
        return torch.addmm(self.c, h, self.V)
