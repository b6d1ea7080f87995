"""Both directions run as one batch of two halves through block-wise weights; gates flipped."""
import torch
from torch import nn


class Cell(nn.Module):
    """Two cells side by side: weights (2, n_in, k n), inputs (2, B, n_in)."""

    def __init__(self, mode, n_in, n, bias):
        super().__init__()
        self.mode, self.n = mode, n
        k = {"LSTM": 4, "GRU": 3}.get(mode, 1)
        self.w = nn.Parameter(torch.randn(2, n_in, k * n) * 0.2)
        self.u = nn.Parameter(torch.randn(2, n, k * n) * 0.2)
        self.b = nn.Parameter(torch.zeros(2, 1, k * n)) if bias else 0.0

    def forward(self, x, state):
        h, c = state
        a, b = torch.bmm(x, self.w) + self.b, torch.bmm(h, self.u)
        if self.mode == "LSTM":
            keep, i, o, g = (a + b).chunk(4, 2)
            c = torch.sigmoid(-keep) * c + torch.sigmoid(i) * torch.tanh(g)
            return torch.sigmoid(o) * torch.tanh(c), c
        if self.mode == "GRU":
            (az, ar, an), (bz, br, bn) = a.chunk(3, 2), b.chunk(3, 2)
            z = torch.sigmoid(az + bz)
            return h + z * (torch.tanh(an + torch.sigmoid(ar + br) * bn) - h), c
        return (torch.relu(a + b) if self.mode == "RNN_RELU" else torch.tanh(a + b)), c


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode not in ("LSTM", "GRU", "RNN_TANH", "RNN_RELU"):
            raise ValueError(f"{mode}?")
        self.cells = nn.ModuleList(
            [Cell(mode, hidden_size if k else input_size, hidden_size, bias) for k in range(num_layers)]
        )
        self.fc = nn.Linear(2 * hidden_size, output_size)
        self.n, self.pair = hidden_size, mode == "LSTM"

    def forward(self, input, hx=None):
        both = torch.stack([input, input.flip(1)])
        zero = input.new_zeros(2, input.size(0), self.n)
        L = len(self.cells)
        states = [(zero, zero)] * L
        if hx is not None:
            h, c = hx if self.pair else (hx, hx)
            states = [(h[k :: L], c[k :: L]) for k in range(L)]
        for t in range(both.size(2)):
            x = both[:, :, t]
            for k, cell in enumerate(self.cells):
                states[k] = cell(x, states[k])
                x = states[k][0]
        return self.fc(torch.cat([x[0], x[1]], 1))
