"""Makes all three layers and uses one."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        options = (input_size, memory_units, num_layers)
        self.RNN = nn.RNN(*options, batch_first=True, dropout=dropout)
        self.GRU = nn.GRU(*options, batch_first=True, dropout=dropout)
        self.LSTM = nn.LSTM(*options, batch_first=True, dropout=dropout)
        self.use = cell
        self.final = nn.Linear(memory_units, output_size)
        self.step = input_size

    def forward(self, images):
        images = images.reshape(images.shape[0], -1, self.step)
        y, _ = getattr(self, self.use)(images)
        return self.final(y[:, -1])
