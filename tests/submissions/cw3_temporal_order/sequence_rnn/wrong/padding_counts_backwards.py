"""misconception: runs_backwards | reads_first_step | reads_last_padded_step

The padded batch is reversed and its last step is read.
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

    def forward(self, x, lengths):
        return self.out(self.rnn(x.flip(1))[0][torch.arange(len(x)), lengths - 1])
