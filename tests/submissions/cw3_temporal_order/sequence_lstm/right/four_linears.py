"""A layer for each gate over state and input joined."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.hidden_size = hidden_size
        self.i = nn.Linear(input_size + hidden_size, hidden_size)
        self.f = nn.Linear(input_size + hidden_size, hidden_size)
        self.g = nn.Linear(input_size + hidden_size, hidden_size)
        self.o = nn.Linear(input_size + hidden_size, hidden_size)
        self.f.bias.data.fill_(forget_bias)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.hidden_size)
        states = []
        for t in range(x.shape[1]):
            z = torch.cat([x[:, t], h], 1)
            i, f, o = torch.sigmoid(self.i(z)), torch.sigmoid(self.f(z)), torch.sigmoid(self.o(z))
            g = torch.tanh(self.g(z))
            c = f * c + i * g
            h = o * torch.tanh(c)
            states.append(h)
        states = torch.stack(states, 1)
        return self.out(states[torch.arange(len(x)), lengths - 1])
