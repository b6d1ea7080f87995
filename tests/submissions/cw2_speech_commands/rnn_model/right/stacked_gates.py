"""All gates in one layer; cells are appended by mode."""

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
        self.mode, self.input_size, self.hidden_size = mode, input_size, hidden_size
        self.num_layers, self.bias, self.output_size = num_layers, bias, output_size
        self.cells = nn.ModuleList()
        for l in range(num_layers):
            n = input_size if l == 0 else hidden_size
            if mode == "LSTM":
                self.cells.append(LSTMCell(n, hidden_size, bias))
            elif mode == "GRU":
                self.cells.append(GRUCell(n, hidden_size, bias))
            elif mode == "RNN_TANH":
                self.cells.append(BasicRNNCell(n, hidden_size, bias, "tanh"))
            elif mode == "RNN_RELU":
                self.cells.append(BasicRNNCell(n, hidden_size, bias, "relu"))
            else:
                raise ValueError("unknown mode")
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        lstm = self.mode == "LSTM"
        if hx is None:
            h0 = input.new_zeros(self.num_layers, input.shape[0], self.hidden_size)
            hx = (h0, h0) if lstm else h0
        states = [(hx[0][l], hx[1][l]) if lstm else hx[l] for l in range(self.num_layers)]
        outs = []
        for t in range(input.shape[1]):
            x = input[:, t]
            for l in range(self.num_layers):
                states[l] = self.cells[l](x, states[l])
                x = states[l][0] if lstm else states[l]
            outs.append(x)
        out = self.fc(outs[-1])
        return out
