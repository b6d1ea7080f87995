"""Four layers over [h, x], one bias each."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        n = input_size + hidden_size
        self.gates = nn.ModuleDict({k: nn.Linear(n, hidden_size) for k in ("forget", "write", "show", "new")})
        self.gates["forget"].bias.data[:] = forget_bias
        self.out = nn.Linear(hidden_size, n_classes)
        self.hidden_size = hidden_size

    def forward(self, x, lengths):
        h = x.new_zeros(x.size(0), self.hidden_size)
        c = torch.zeros_like(h)
        states = []
        for t in range(x.size(1)):
            z = torch.cat([h, x[:, t]], 1)
            keep, write, show = (self.gates[k](z).sigmoid() for k in ("forget", "write", "show"))
            c = keep * c + write * self.gates["new"](z).tanh()
            h = show * c.tanh()
            states.append(h)
        return self.out(torch.stack(states)[lengths - 1, torch.arange(len(x))])
