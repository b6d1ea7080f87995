"""misconception: bias_missing

No bias in the recurrent part.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, bias=False, batch_first=True)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        return self.out(self.rnn(x)[0][range(len(x)), lengths - 1, :])
