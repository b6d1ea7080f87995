"""Each sequence alone, cut at its end."""

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
        rows = []
        for sequence, n in zip(x, lengths.tolist()):
            _, h = self.rnn(sequence[:n].unsqueeze(0))
            rows.append(self.fc(h[0, 0]))
        return torch.stack(rows)
