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
    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        output_size: int = 1,
    ):
        super().__init__()
        factory = {
            "LSTM": LSTMCell,
            "GRU": GRUCell,
            "RNN_TANH": BasicRNNCell,
            "RNN_RELU": BasicRNNCell,
        }
        if not isinstance(mode, str) or mode not in factory:
            raise ValueError(f"mode={mode}")
        kw = {"nonlinearity": "relu"} if mode.endswith("RELU") else {}
        self.cells = nn.ModuleList(
            factory[mode](hidden_size if l else input_size, hidden_size, bias=bias, **kw)
            for l in range(num_layers)
        )
        self.to_logits = nn.Linear(hidden_size, output_size)
        self.lstm = mode == "LSTM"

    def scan(self, cell, xs, s):
        for x in xs:
            s = cell(x, s)
            yield s[0] if self.lstm else s

    def forward(self, input, hx=None):
        xs = (input[:, t] for t in range(input.shape[1]))
        for l, cell in enumerate(self.cells):
            s = None if hx is None else ((hx[0][l], hx[1][l]) if self.lstm else hx[l])
            xs = self.scan(cell, xs, s)
        for last in xs:
            pass
        return self.to_logits(last)
