"""A direction is an inner class with matrices; update gate and forget gate the other way round."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class BidirRecurrentModel(nn.Module):
    class Direction(nn.Module):
        def __init__(self, mode, D, H, L, bias):
            super().__init__()
            self.mode, self.H = mode, H
            g = 4 if mode == "LSTM" else 3 if mode == "GRU" else 1
            self.A = nn.ParameterList([nn.Parameter(torch.randn(g * H, H if k else D) / 3) for k in range(L)])
            self.R = nn.ParameterList([nn.Parameter(torch.randn(g * H, H) / 3) for k in range(L)])
            self.b = nn.ParameterList([nn.Parameter(torch.zeros(g * H)) for k in range(L)]) if bias else [None] * L

        def forward(self, frames, h, c):
            for x in frames:
                for k in range(len(h)):
                    a, b = F.linear(x, self.A[k], self.b[k]), F.linear(h[k], self.R[k])
                    if self.mode == "LSTM":
                        f, o, i, g = (a + b).chunk(4, 1)
                        c[k] = c[k] - torch.sigmoid(f) * c[k] + torch.sigmoid(i) * g_tanh(g)
                        h[k] = torch.sigmoid(o) * g_tanh(c[k])
                    elif self.mode == "GRU":
                        ar, an, az = a.chunk(3, 1)
                        br, bn, bz = b.chunk(3, 1)
                        n = g_tanh(an + torch.sigmoid(ar + br) * bn)
                        h[k] = torch.lerp(h[k], n, torch.sigmoid(az + bz))
                    else:
                        h[k] = F.relu(a + b) if self.mode == "RNN_RELU" else g_tanh(a + b)
                    x = h[k]
            return x

    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode not in ("RNN_TANH", "RNN_RELU", "GRU", "LSTM"):
            raise ValueError("mode")
        self.L, self.H, self.mode = num_layers, hidden_size, mode
        self.one = self.Direction(mode, input_size, hidden_size, num_layers, bias)
        self.two = self.Direction(mode, input_size, hidden_size, num_layers, bias)
        self.end = nn.Linear(hidden_size * 2, output_size)

    def forward(self, input, hx=None):
        zero = input.new_zeros(2 * self.L, len(input), self.H)
        h, c = zero, zero
        if hx is not None:
            h, c = hx if self.mode == "LSTM" else (hx, zero)
        frames = list(torch.unbind(input, 1))
        left = self.one(frames, list(h[: self.L]), list(c[: self.L]))
        right = self.two(frames[::-1], list(h[self.L :]), list(c[self.L :]))
        return self.end(torch.cat((left, right), 1))


def g_tanh(a):
    return torch.tanh(a)
