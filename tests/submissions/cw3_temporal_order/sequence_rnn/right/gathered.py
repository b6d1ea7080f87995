"""gather along time."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.encoder = nn.RNN(input_size, hidden_size, num_layers=1, nonlinearity="tanh", batch_first=True)
        self.decoder = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h, _ = self.encoder(x)
        index = (lengths.long() - 1).view(-1, 1, 1).expand(-1, 1, h.size(2))
        return self.decoder(h.gather(1, index).squeeze(1))
