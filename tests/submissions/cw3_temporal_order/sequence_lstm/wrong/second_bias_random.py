"""misconception: second_bias_random

The other bias keeps its random start.
"""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)
        nn.init.constant_(self.lstm.bias_hh_l0[hidden_size : 2 * hidden_size], forget_bias)

    def forward(self, x, lengths):
        out, _ = self.lstm(x)
        return self.fc(out[torch.arange(out.shape[0]), lengths - 1, :])
