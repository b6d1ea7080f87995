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
        self.mode, self.H, self.L = mode, hidden_size, num_layers
        make = {
            "LSTM": lambda n: LSTMCell(n, hidden_size, bias=bias),
            "GRU": lambda n: GRUCell(n, hidden_size, bias=bias),
            "RNN_TANH": lambda n: BasicRNNCell(n, hidden_size, bias=bias),
            "RNN_RELU": lambda n: BasicRNNCell(n, hidden_size, bias=bias, nonlinearity="relu"),
        }.get(mode)
        if make is None:
            raise ValueError(f"{mode!r}?")
        self.first = make(input_size)
        self.rest = nn.Sequential(*[make(hidden_size) for _ in range(num_layers - 1)])
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        B, T, _ = input.shape
        lstm = self.mode == "LSTM"
        if hx is None:
            zeros = torch.zeros(self.L, B, self.H, dtype=input.dtype, device=input.device)
            hx = (zeros, zeros.clone()) if lstm else zeros
        x = input
        for layer, cell in enumerate([self.first, *self.rest]):
            h = (hx[0][layer], hx[1][layer]) if lstm else hx[layer]
            out = torch.empty(B, T, self.H, dtype=input.dtype, device=input.device)
            for t in range(T):
                h = cell(x[:, t], h)
                out[:, t] = h[0] if lstm else h
            x = out
        return self.fc(x[:, -1])
