"""Bare parameters in one tensor for all gates."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        s = 1 / math.sqrt(hidden_size)
        self.W = nn.Parameter(torch.empty(4, input_size, hidden_size).uniform_(-s, s))
        self.U = nn.Parameter(torch.empty(4, hidden_size, hidden_size).uniform_(-s, s))
        self.b = nn.Parameter(torch.zeros(4, 1, hidden_size))
        self.b.data[1] += forget_bias
        self.V = nn.Parameter(torch.empty(hidden_size, n_classes).uniform_(-s, s))
        self.v = nn.Parameter(torch.zeros(n_classes))

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.U.shape[-1])
        states = []
        for t in range(x.shape[1]):
            a = x[:, t] @ self.W + h @ self.U + self.b
            i, f, o = a[[0, 1, 3]].sigmoid()
            c = f * c + i * a[2].tanh()
            h = o * c.tanh()
            states.append(h)
        last = torch.stack(states, 1)[range(len(x)), lengths - 1]
        return last @ self.V + self.v
