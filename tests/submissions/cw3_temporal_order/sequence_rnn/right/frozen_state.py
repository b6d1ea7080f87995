"""nn.RNNCell in a loop; a state stays once its sequence is over."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = nn.RNNCell(input_size, hidden_size)
        self.head = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = x.new_zeros(len(x), self.hidden_size)
        for t in range(x.shape[1]):
            h = torch.where((t < lengths)[:, None], self.cell(x[:, t], h), h)
        return self.head(h)
