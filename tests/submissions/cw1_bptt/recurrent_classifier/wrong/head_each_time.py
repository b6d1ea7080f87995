"""misconception: layers_not_registered

A new linear layer at each call.
"""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.input_size = input_size
        self.rnn = getattr(nn, cell)(input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.K, self.H = output_size, memory_units

    def forward(self, images):
        x = images.reshape(len(images), -1, self.input_size)
        out, _ = self.rnn(x)
        return nn.Linear(self.H, self.K, dtype=out.dtype)(out[:, -1])
