"""misconception: not_repeatable

A call starts where the one before ended.
"""

import torch
from torch import nn


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.input_size, self.hidden_size, self.n_classes = input_size, hidden_size, n_classes
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        B = x.shape[0]
        prev = getattr(self, "h", None)
        out, h = self.rnn(x, prev if prev is not None and prev.shape[1] == B else None)
        self.h = h.detach()
        last = out[torch.arange(B), lengths - 1]
        return self.fc(last)
