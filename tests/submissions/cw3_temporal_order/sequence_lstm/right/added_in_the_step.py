"""The value is added in every step, beside a bias that starts at zero."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.forget_bias, self.hidden_size = forget_bias, hidden_size
        self.x2 = nn.Linear(input_size, 4 * hidden_size)
        self.h2 = nn.Linear(hidden_size, 4 * hidden_size, bias=False)
        nn.init.zeros_(self.x2.bias)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.hidden_size)
        for t in range(x.shape[1]):
            i, g, f, o = (self.x2(x[:, t]) + self.h2(h)).chunk(4, dim=1)
            c_new = torch.sigmoid(f + self.forget_bias) * c + torch.sigmoid(i) * torch.tanh(g)
            h_new = torch.sigmoid(o) * torch.tanh(c_new)
            alive = (lengths > t)[:, None]
            h, c = torch.where(alive, h_new, h), torch.where(alive, c_new, c)
        return self.out(h)
