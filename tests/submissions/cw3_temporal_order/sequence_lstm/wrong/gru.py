"""misconception: other_cell

A GRU.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.rnn = nn.GRU(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)
        nn.init.constant_(self.rnn.bias_ih_l0[hidden_size : 2 * hidden_size], forget_bias)

    def forward(self, x, lengths):
        return self.fc(self.rnn(x)[0][torch.arange(len(x)), lengths - 1])
