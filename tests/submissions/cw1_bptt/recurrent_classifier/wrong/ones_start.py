"""misconception: start_not_zero

Starts from ones.
"""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.sizes = (input_size, memory_units, num_layers)
        self.cell = cell
        self.rnn = getattr(nn, cell)(input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.fc = nn.Linear(memory_units, output_size)

    def forward(self, images):
        D, H, L = self.sizes
        B = images.shape[0]
        images = images.reshape(B, images[0].numel() // D, D)
        zeros = images.new_ones(L, B, H)
        out, _ = self.rnn(images, (zeros, zeros) if self.cell == "LSTM" else zeros)
        return self.fc(out[:, -1, :])
