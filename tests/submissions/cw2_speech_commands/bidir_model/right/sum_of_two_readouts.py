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
    # cat then linear == two linears added
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.a = nn.ModuleList(
            [
                make_cell(mode, input_size if l == 0 else hidden_size, hidden_size, bias)
                for l in range(num_layers)
            ]
        )
        self.b = nn.ModuleList(
            [
                make_cell(mode, input_size if l == 0 else hidden_size, hidden_size, bias)
                for l in range(num_layers)
            ]
        )
        self.out_a = nn.Linear(hidden_size, output_size)
        self.out_b = nn.Linear(hidden_size, output_size, bias=False)
        self.mode = mode

    def go(self, cells, xs, hx, first):
        for l, cell in enumerate(cells):
            s = None
            if hx is not None:
                s = (hx[0][first + l], hx[1][first + l]) if self.mode == "LSTM" else hx[first + l]
            ys = []
            for x in xs:
                s = cell(x, s)
                ys.append(s[0] if self.mode == "LSTM" else s)
            xs = ys
        return xs[-1]

    def forward(self, input, hx=None):
        xs = list(input.unbind(1))
        return self.out_a(self.go(self.a, xs, hx, 0)) + self.out_b(
            self.go(self.b, xs[::-1], hx, len(self.a))
        )
