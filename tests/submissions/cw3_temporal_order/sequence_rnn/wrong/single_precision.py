"""misconception: fixed_dtype

The first state is always float32.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.hidden_size = hidden_size
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h0 = torch.zeros(1, len(x), self.hidden_size, dtype=torch.float32)
        return self.fc(self.rnn(x, h0)[0][torch.arange(len(x)), lengths - 1])
