"""One torch layer at a time, dropout between them."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        kind = getattr(nn, cell)
        sizes = [input_size] + [memory_units] * num_layers
        self.layers = nn.ModuleList(kind(a, b, batch_first=True) for a, b in zip(sizes, sizes[1:]))
        self.drop = nn.Dropout(dropout)
        self.read_out = nn.Linear(memory_units, output_size)
        self.input_size = input_size

    def forward(self, images):
        x = images.reshape(images.size(0), -1, self.input_size)
        for k, layer in enumerate(self.layers):
            x, _ = layer(x if k == 0 else self.drop(x))
        return self.read_out(x[:, -1])
