"""pack_sequence of cut sequences."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        cut = unpad_sequence(x, lengths, batch_first=True)
        _, last = self.rnn(pack_sequence(cut, enforce_sorted=False))
        return self.out(last.flatten(0, 1))
