"""A sub-module for each gate that knows its own activation."""

import torch
from torch import nn


class Gate(nn.Module):
    def __init__(self, d, h, bias, activation):
        super().__init__()
        self.x = nn.Linear(d, h, bias=False)
        self.h = nn.Linear(h, h, bias=bias)
        self.activation = activation

    def forward(self, x, h):
        return self.activation(self.x(x) + self.h(h))


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        make = lambda a: Gate(input_size, hidden_size, bias, a)
        self.input_gate, self.forget_gate = make(torch.sigmoid), make(torch.sigmoid)
        self.output_gate, self.candidate = make(torch.sigmoid), make(nn.Tanh())
        self.hidden_size = hidden_size

    def initial(self, x):
        return x.new_zeros(x.shape[0], self.hidden_size)

    def forward(self, input, hx=None):
        h, c = hx or (self.initial(input), self.initial(input))
        c = self.forget_gate(input, h) * c + self.input_gate(input, h) * self.candidate(input, h)
        return self.output_gate(input, h) * torch.tanh(c), c
