"""A ModuleDict holds everything; a match statement."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        match cell:
            case "RNN":
                kind = nn.RNN
            case "GRU":
                kind = nn.GRU
            case "LSTM":
                kind = nn.LSTM
            case _:
                raise ValueError(cell)
        self.parts = nn.ModuleDict(
            {
                "recur": kind(input_size, memory_units, num_layers, dropout=dropout, batch_first=True),
                "score": nn.Linear(memory_units, output_size),
            }
        )

    def forward(self, images):
        D = self.parts["recur"].input_size
        x = images if images.ndim == 3 else images.reshape(-1, images.shape[1] // D, D)
        found = self.parts["recur"](x)[1]
        found = found[0] if isinstance(found, tuple) else found
        return self.parts["score"](found[-1])
