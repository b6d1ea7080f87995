"""A ModuleList of gates, the forget gate last."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.ins = nn.ModuleList(nn.Linear(input_size, hidden_size) for _ in range(4))
        self.rec = nn.ParameterList(0.3 * torch.randn(hidden_size, hidden_size) for _ in range(4))
        nn.init.constant_(self.ins[3].bias, forget_bias)
        nn.init.constant_(self.ins[1].bias, -forget_bias)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.out.in_features)
        seen = x.new_zeros(len(x), x.shape[1], self.out.in_features)
        rows = []
        for t in range(x.shape[1]):
            g, i, o, f = (lin(x[:, t]) + h @ u for lin, u in zip(self.ins, self.rec))
            c = c * f.sigmoid() + g.tanh() * i.sigmoid()
            h = c.tanh() * o.sigmoid()
            rows.append(h)
        seen = torch.stack(rows, dim=1)
        return self.out(seen.gather(1, (lengths - 1).reshape(-1, 1, 1).expand(-1, 1, seen.shape[-1]))[:, 0])
