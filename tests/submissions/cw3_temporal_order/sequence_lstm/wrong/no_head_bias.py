"""misconception: bias_missing

No bias in the classifier, time first.
"""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.core = nn.LSTM(input_size, hidden_size)
        self.head = nn.Linear(hidden_size, n_classes, bias=False)
        b = torch.cat([torch.zeros(hidden_size), torch.full((hidden_size,), float(forget_bias)), torch.zeros(2 * hidden_size)])
        self.core.bias_ih_l0 = nn.Parameter(b)
        nn.init.zeros_(self.core.bias_hh_l0)

    def forward(self, x, lengths):
        states, _ = self.core(x.permute(1, 0, 2))
        return self.head(states[lengths - 1, torch.arange(x.shape[0])])
