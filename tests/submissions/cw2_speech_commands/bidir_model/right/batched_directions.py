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


class BidirRecurrentModel(nn.Module):
    # both directions in one batched matmul, own weights (2, n, m)
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        self.gates = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}.get(mode)
        if self.gates is None:
            raise ValueError("mode")
        self.mode, self.H, self.L = mode, hidden_size, num_layers
        k = hidden_size**-0.5
        G = self.gates * hidden_size
        u = lambda *s: nn.Parameter(torch.empty(*s).uniform_(-k, k))
        self.Wx = nn.ParameterList(
            [u(2, input_size if l == 0 else hidden_size, G) for l in range(num_layers)]
        )
        self.Wh = nn.ParameterList([u(2, hidden_size, G) for l in range(num_layers)])
        self.bx = nn.ParameterList([u(2, 1, G) for l in range(num_layers)]) if bias else None
        self.bh = nn.ParameterList([u(2, 1, G) for l in range(num_layers)]) if bias else None
        self.V = nn.Linear(2 * hidden_size, output_size)

    def forward(self, input, hx=None):
        B, T, _ = input.shape
        xs = torch.stack([input, input.flip(1)])  # (2, B, T, D)
        if hx is None:
            z = input.new_zeros(2, self.L, B, self.H)
            h0, c0 = z, z
        elif self.mode == "LSTM":
            h0, c0 = (s.reshape(2, self.L, B, self.H) for s in hx)
        else:
            h0 = c0 = hx.reshape(2, self.L, B, self.H)
        for l in range(self.L):
            h, c, ys = h0[:, l], c0[:, l], []
            for t in range(T):
                a, b = xs[:, :, t] @ self.Wx[l], h @ self.Wh[l]
                if self.bx is not None:
                    a, b = a + self.bx[l], b + self.bh[l]
                if self.mode == "LSTM":
                    i, f, g, o = (a + b).chunk(4, -1)
                    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                    h = torch.sigmoid(o) * torch.tanh(c)
                elif self.mode == "GRU":
                    (r, z, n), (r2, z2, n2) = a.chunk(3, -1), b.chunk(3, -1)
                    n = torch.tanh(n + torch.sigmoid(r + r2) * n2)
                    h = n + torch.sigmoid(z + z2) * (h - n)
                else:
                    h = torch.tanh(a + b) if self.mode == "RNN_TANH" else torch.relu(a + b)
                ys.append(h)
            xs = torch.stack(ys, 2)
        return self.V(torch.cat(list(h), -1))
