"""A dict of classes, time first, permute."""

import torch
from torch import nn


CELLS = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.width = input_size
        self.layers = CELLS[cell](input_size, memory_units, num_layers=num_layers, dropout=dropout)
        self.linear = nn.Linear(memory_units, output_size)

    def forward(self, images):
        steps = images.flatten(1).unflatten(1, (-1, self.width)).permute(1, 0, 2)
        outputs = self.layers(steps)[0]
        return self.linear(outputs[-1])
