"""Helper methods; sigmoid by hand."""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.params = nn.ParameterDict()
        for name in ("reset", "update", "new"):
            self.params[name + "_x"] = nn.Parameter(torch.randn(hidden_size, input_size) * 0.1)
            self.params[name + "_h"] = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)
            if bias:
                self.params[name + "_bx"] = nn.Parameter(torch.zeros(hidden_size))
                self.params[name + "_bh"] = nn.Parameter(torch.zeros(hidden_size))

    def x_part(self, name, x):
        out = x.mm(self.params[name + "_x"].t())
        return out + self.params[name + "_bx"] if name + "_bx" in self.params else out

    def h_part(self, name, h):
        out = h.mm(self.params[name + "_h"].t())
        return out + self.params[name + "_bh"] if name + "_bh" in self.params else out

    def gate(self, name, x, h):
        return 1 / (1 + torch.exp(-self.x_part(name, x) - self.h_part(name, h)))

    def forward(self, input, hx=None):
        if hx is None:
            hx = torch.zeros(input.shape[0], self.hidden_size).type_as(input)
        fresh = torch.tanh(self.x_part("new", input) + self.gate("reset", input, hx) * self.h_part("new", hx))
        keep = self.gate("update", input, hx)
        return keep * hx + (1.0 - keep) * fresh
