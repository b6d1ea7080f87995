"""misconception: no_parameters

The layer is made anew in each forward.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.sizes = input_size, hidden_size
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        rnn = nn.RNN(*self.sizes, batch_first=True).to(x)
        return self.fc(rnn(x)[0][torch.arange(len(x)), lengths - 1])
