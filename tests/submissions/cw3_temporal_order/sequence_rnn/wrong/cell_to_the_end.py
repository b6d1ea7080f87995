"""misconception: reads_last_padded_step

A loop that never looks at the lengths.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.cell, self.fc = nn.RNNCell(input_size, hidden_size), nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = None
        for x_t in x.unbind(1):
            h = self.cell(x_t, h)
        return self.fc(h)
