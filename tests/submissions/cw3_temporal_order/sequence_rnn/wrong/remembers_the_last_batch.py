"""misconception: raises | shapes_disagree

The state of one batch starts the next.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, n_classes)
        self.h = None

    def forward(self, x, lengths):
        states, h = self.rnn(x, self.h)
        self.h = h.detach()
        return self.out(states[torch.arange(len(x)), lengths - 1])
