"""relu by torch.where, sigmoid and tanh by exponentials, biases as separate Parameters."""
import torch
from torch import nn


def squash(a):
    return 1 / (1 + torch.exp(-a))


def bend(a):
    return 2 * squash(2 * a) - 1


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super(RNNModel, self).__init__()
        names = {"LSTM": "fiog", "GRU": "zrn", "RNN_TANH": "s", "RNN_RELU": "s"}.get(mode)
        if names is None:
            raise ValueError(mode)
        self.mode, self.size, self.depth, self.bias = mode, hidden_size, num_layers, bias
        for k in range(num_layers):
            for name in names:
                n = input_size if k == 0 else hidden_size
                self.register_parameter(f"w_{name}{k}", nn.Parameter(torch.randn(n, hidden_size) * 0.4))
                self.register_parameter(f"u_{name}{k}", nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.4))
                for b in "bd":
                    value = nn.Parameter(torch.randn(hidden_size)) if bias else None
                    self.register_parameter(f"{b}_{name}{k}", value)
        self.head = nn.Parameter(torch.randn(hidden_size, output_size))
        self.foot = nn.Parameter(torch.zeros(output_size))

    def a(self, kind, b, name, k, value):
        out = value @ getattr(self, f"{kind}_{name}{k}")
        return out + getattr(self, f"{b}_{name}{k}") if self.bias else out

    def both(self, name, k, x, h):
        return self.a("w", "b", name, k, x) + self.a("u", "d", name, k, h)

    def forward(self, input, hx=None):
        zero = torch.zeros(input.shape[0], self.size, device=input.device, dtype=input.dtype)
        h, c = [zero] * self.depth, [zero] * self.depth
        if hx is not None:
            h = list(hx[0] if self.mode == "LSTM" else hx)
            c = list(hx[1]) if self.mode == "LSTM" else c
        for t in range(input.shape[1]):
            x = input[:, t]
            for k in range(self.depth):
                if self.mode == "LSTM":
                    c[k] = squash(self.both("f", k, x, h[k])) * c[k] + squash(self.both("i", k, x, h[k])) * bend(self.both("g", k, x, h[k]))
                    h[k] = squash(self.both("o", k, x, h[k])) * bend(c[k])
                elif self.mode == "GRU":
                    z, r = squash(self.both("z", k, x, h[k])), squash(self.both("r", k, x, h[k]))
                    n = bend(self.a("w", "b", "n", k, x) + r * self.a("u", "d", "n", k, h[k]))
                    h[k] = (1 - z) * n + z * h[k]
                else:
                    s = self.both("s", k, x, h[k])
                    h[k] = bend(s) if self.mode == "RNN_TANH" else torch.where(s > 0, s, torch.zeros_like(s))
                x = h[k]
        return x @ self.head + self.foot
