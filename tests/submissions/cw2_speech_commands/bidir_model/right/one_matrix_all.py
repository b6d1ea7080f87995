"""All weights of all layers and both directions in a few big tensors; einsum; no modules at all."""
import torch
from torch import nn


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        gates = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
        if mode not in gates:
            raise ValueError(mode)
        g = gates[mode]
        self.mode, self.H, self.L = mode, hidden_size, num_layers
        u = lambda *shape: nn.Parameter(torch.empty(shape).uniform_(-0.2, 0.2))
        self.first = u(2, g, input_size, hidden_size)
        self.upper = u(2, num_layers - 1, g, hidden_size, hidden_size)
        self.recurrent = u(2, num_layers, g, hidden_size, hidden_size)
        self.inner = u(2, num_layers, g, hidden_size) if bias else None
        self.outer = u(2, num_layers, g, hidden_size) if bias else None
        self.out = u(2, hidden_size, output_size)
        self.out_bias = u(output_size)

    def step(self, d, k, x, h, c):
        W = self.first[d] if k == 0 else self.upper[d, k - 1]
        a = torch.einsum("bi,gij->gbj", x, W)
        b = torch.einsum("bi,gij->gbj", h, self.recurrent[d, k])
        if self.outer is not None:
            a, b = a + self.outer[d, k].unsqueeze(1), b + self.inner[d, k].unsqueeze(1)
        if self.mode == "LSTM":
            s = a + b
            c = torch.sigmoid(s[1]) * c + torch.sigmoid(s[0]) * torch.tanh(s[2])
            return torch.sigmoid(s[3]) * torch.tanh(c), c
        if self.mode == "GRU":
            z = torch.sigmoid(a[1] + b[1])
            return (1 - z) * torch.tanh(a[0] + torch.sigmoid(a[2] + b[2]) * b[0]) + z * h, c
        return (torch.tanh if self.mode == "RNN_TANH" else torch.relu)(a[0] + b[0]), c

    def forward(self, input, hx=None):
        zero = input.new_zeros(2, self.L, input.size(0), self.H)
        h0, c0 = zero, zero
        if hx is not None:
            if self.mode == "LSTM":
                h0, c0 = (s.view_as(zero) for s in hx)
            else:
                h0 = hx.view_as(zero)
        logits = self.out_bias
        for d in range(2):
            h, c = list(h0[d]), list(c0[d])
            for t in range(input.size(1)):
                x = input[:, t if d == 0 else input.size(1) - 1 - t]
                for k in range(self.L):
                    x, c[k] = self.step(d, k, x, h[k], c[k])
                    h[k] = x
            logits = logits + x @ self.out[d]
        return logits
