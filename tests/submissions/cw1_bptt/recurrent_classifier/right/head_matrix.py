"""The last map as a plain parameter."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.memory = nn.__dict__[cell](input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.W = nn.Parameter(torch.randn(memory_units, output_size) / memory_units**0.5)
        self.b = nn.Parameter(torch.zeros(output_size))

    def forward(self, images):
        rows = images.reshape(images.shape[0], -1, self.memory.input_size)
        states = self.memory(rows)[0]
        return states[:, -1] @ self.W + self.b
