"""One weight tensor a layer over cat(x, h, 1): the bias is a column of ones."""
import torch
from torch import nn


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode not in {"LSTM", "GRU", "RNN_TANH", "RNN_RELU"}:
            raise ValueError(f"unknown mode {mode!r}")
        self.mode, self.H, self.bias = mode, hidden_size, bias
        blocks = {"LSTM": 4, "GRU": 2}.get(mode, 1)
        one = int(bias)
        self.W, self.C = nn.ParameterList(), nn.ParameterList()
        for k in range(num_layers):
            n = hidden_size if k else input_size
            self.W.append(nn.Parameter(torch.randn(blocks * hidden_size, n + hidden_size + one) * 0.3))
            if mode == "GRU":
                self.C.append(nn.Parameter(torch.randn(hidden_size, n + one) * 0.3))
                self.C.append(nn.Parameter(torch.randn(hidden_size, hidden_size + one) * 0.3))
        self.V = nn.Parameter(torch.randn(output_size, hidden_size + 1) * 0.3)

    def ones(self, *parts):
        if self.bias:
            parts = (*parts, parts[0].new_ones(len(parts[0]), 1))
        return torch.cat(parts, 1)

    def step(self, k, x, h, c):
        a = self.ones(x, h) @ self.W[k].T
        if self.mode == "LSTM":
            g, f, o, i = a.chunk(4, 1)
            c = torch.sigmoid(f).mul(c).add(torch.sigmoid(i).mul(torch.tanh(g)))
            return torch.sigmoid(o).mul(torch.tanh(c)), c
        if self.mode == "GRU":
            z, r = torch.sigmoid(a).chunk(2, 1)
            n = torch.tanh(self.ones(x) @ self.C[2 * k].T + r * (self.ones(h) @ self.C[2 * k + 1].T))
            return z * h + n - z * n, c
        return (torch.tanh(a) if self.mode.endswith("TANH") else torch.nn.functional.relu(a)), c

    def forward(self, input, hx=None):
        L, B = len(self.W), input.shape[0]
        h = c = input.new_zeros(L, B, self.H)
        if hx is not None:
            h, c = hx if self.mode == "LSTM" else (hx, c)
        h, c = list(h.unbind(0)), list(c.unbind(0))
        for t in range(input.shape[1]):
            signal = input[:, t]
            for k in range(L):
                h[k], c[k] = self.step(k, signal, h[k], c[k])
                signal = h[k]
        return torch.cat([signal, signal.new_ones(B, 1)], 1) @ self.V.T
