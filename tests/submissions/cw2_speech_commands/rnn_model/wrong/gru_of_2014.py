"""misconception: cell_reset_before_product

the reset gate acts before the recurrent product, in equations written into the model.
"""
import torch
from torch import nn


class RNNModel(nn.Module):
    GATES = dict(LSTM=4, GRU=3, RNN_TANH=1, RNN_RELU=1)

    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode not in self.GATES:
            raise ValueError(mode)
        n = self.GATES[mode] * hidden_size
        self.mode, self.H, self.L = mode, hidden_size, num_layers
        scale = hidden_size**-0.5
        make = lambda *s: nn.Parameter((torch.rand(*s) * 2 - 1) * scale)
        self.W = nn.ParameterList([make(input_size if k == 0 else hidden_size, n) for k in range(num_layers)])
        self.U = nn.ParameterList([make(hidden_size, n) for _ in range(num_layers)])
        self.b = nn.ParameterList([make(n) for _ in range(num_layers)] if bias else [])
        self.V, self.d = make(hidden_size, output_size), make(output_size)

    def cell(self, k, x, h, c):
        bias = self.b[k] if len(self.b) else torch.zeros(self.W[k].shape[1]).to(x)
        left = torch.addmm(bias, x, self.W[k])
        right = h.mm(self.U[k])
        if self.mode == "LSTM":
            a = left + right
            o, i, f, g = a.split(self.H, dim=-1)
            c = torch.addcmul(torch.sigmoid(f) * c, torch.sigmoid(i), torch.tanh(g))
            return torch.sigmoid(o) * torch.tanh(c), c
        if self.mode == "GRU":
            (nx, rx, zx), (nh, rh, zh) = left.split(self.H, -1), right.split(self.H, -1)
            z = torch.sigmoid(zx + zh)
            r = torch.sigmoid(rx + rh)
            n = torch.tanh(nx + (r * h).mm(self.U[k][:, : self.H]))
            return n + z * (h - n), c
        a = left + right
        return (torch.tanh(a) if self.mode == "RNN_TANH" else a.clamp(min=0)), c

    def forward(self, input, hx=None):
        zeros = input.new_zeros(self.L, len(input), self.H)
        if self.mode == "LSTM":
            h, c = (zeros, zeros) if hx is None else hx
        else:
            h, c = (zeros if hx is None else hx), zeros
        for x in input.transpose(0, 1):
            hs, cs = [], []
            for k in range(self.L):
                x, memory = self.cell(k, x, h[k], c[k])
                hs.append(x)
                cs.append(memory)
            h, c = torch.stack(hs), torch.stack(cs)
        return torch.addmm(self.d, h[-1], self.V)
