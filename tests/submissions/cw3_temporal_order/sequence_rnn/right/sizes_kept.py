"""The layer of PyTorch, states picked by index, sizes kept."""

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
        out, _h = self.rnn(x)
        last = out[torch.arange(B), lengths - 1]
        return self.fc(last)
