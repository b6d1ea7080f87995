"""misconception: mean_over_time

max pool.
"""
import torch
from torch import nn


class RNNModel(nn.Module):
    """Everything in one class, then a max over time."""

    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        n = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
        if mode not in n:
            raise ValueError(mode)
        self.mode, self.H = mode, hidden_size
        self.x = nn.ModuleList(nn.Linear(hidden_size if k else input_size, n[mode] * hidden_size, bias) for k in range(num_layers))
        self.h = nn.ModuleList(nn.Linear(hidden_size, n[mode] * hidden_size, bias) for k in range(num_layers))
        self.readout = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        L = len(self.x)
        zero = input.new_zeros(L, input.size(0), self.H)
        h, c = (hx if self.mode == "LSTM" else (hx, zero)) if hx is not None else (zero, zero)
        h, c, tops = list(h), list(c), []
        for x in input.unbind(1):
            for k in range(L):
                a, b = self.x[k](x), self.h[k](h[k])
                if self.mode == "LSTM":
                    i, f, g, o = (a + b).chunk(4, 1)
                    c[k] = f.sigmoid() * c[k] + i.sigmoid() * g.tanh()
                    h[k] = o.sigmoid() * c[k].tanh()
                elif self.mode == "GRU":
                    (ar, az, an), (br, bz, bn) = a.chunk(3, 1), b.chunk(3, 1)
                    z = (az + bz).sigmoid()
                    h[k] = (1 - z) * (an + (ar + br).sigmoid() * bn).tanh() + z * h[k]
                else:
                    h[k] = (a + b).tanh() if self.mode == "RNN_TANH" else (a + b).relu()
                x = h[k]
            tops.append(x)
        return self.readout(torch.stack(tops).max(0).values)
