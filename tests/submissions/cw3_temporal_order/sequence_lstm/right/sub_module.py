"""A gate as a module of its own."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class Gate(nn.Module):
    def __init__(self, d, h, squash, start=None):
        super().__init__()
        self.x, self.h, self.squash = nn.Linear(d, h, bias=False), nn.Linear(h, h), squash
        if start is not None:
            self.h.bias.data.fill_(start)

    def forward(self, x, h):
        return self.squash(self.x(x) + self.h(h))


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.f = Gate(input_size, hidden_size, torch.sigmoid, forget_bias)
        self.i = Gate(input_size, hidden_size, torch.sigmoid)
        self.o = Gate(input_size, hidden_size, torch.sigmoid)
        self.g = Gate(input_size, hidden_size, torch.tanh)
        self.head = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.head.in_features)
        history = []
        for t in range(x.shape[1]):
            f, i, o, g = (gate(x[:, t], h) for gate in (self.f, self.i, self.o, self.g))
            c = torch.addcmul(f * c, i, g)
            h = o * torch.tanh(c)
            history.append(self.head(h))
        return torch.stack(history, 1)[torch.arange(len(x)), lengths - 1]
