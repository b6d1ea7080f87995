"""Splits flat images with chunk and stack."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.d = input_size
        self.net = getattr(nn, cell)(input_size, memory_units, num_layers, dropout=dropout)
        self.lin = nn.Linear(memory_units, output_size)

    def forward(self, images):
        rows = images.flatten(start_dim=1).split(self.d, dim=1)
        out, _ = self.net(torch.stack(rows))
        return self.lin(out[-1])
