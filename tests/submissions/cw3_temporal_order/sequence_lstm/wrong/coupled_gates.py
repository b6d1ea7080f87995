"""misconception: no_input_gate

The input gate is one minus the forget gate.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        n = input_size + hidden_size
        self.f, self.g, self.o = (nn.Linear(n, hidden_size) for _ in range(3))
        nn.init.constant_(self.f.bias, forget_bias)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.out.in_features)
        for t in range(x.shape[1]):
            z = torch.cat([x[:, t], h], 1)
            f = self.f(z).sigmoid()
            c2 = f * c + (1 - f) * self.g(z).tanh()
            h2 = self.o(z).sigmoid() * c2.tanh()
            live = (t < lengths)[:, None]
            h, c = torch.where(live, h2, h), torch.where(live, c2, c)
        return self.out(h)
