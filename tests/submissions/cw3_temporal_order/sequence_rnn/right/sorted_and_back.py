"""Sorted by hand for packing, and put back."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        ordered, order = lengths.sort(descending=True)
        back = order.argsort()
        _, h = self.rnn(pack_padded_sequence(x[order], ordered.cpu(), batch_first=True))
        return self.fc(h.squeeze(0)[back])
