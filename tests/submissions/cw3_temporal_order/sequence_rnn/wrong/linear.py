"""misconception: not_tanh

No nonlinearity at all.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.a, self.b = nn.Linear(input_size, hidden_size), nn.Linear(hidden_size, hidden_size)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = torch.zeros_like(self.a(x[:, 0]))
        for t in range(x.shape[1]):
            h = torch.where((t < lengths)[:, None], self.a(x[:, t]) + self.b(h), h)
        return self.fc(h)
