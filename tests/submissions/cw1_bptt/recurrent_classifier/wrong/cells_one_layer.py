"""misconception: num_layers_ignored

Only one cell.
"""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        make = {"RNN": nn.RNNCell, "GRU": nn.GRUCell, "LSTM": nn.LSTMCell}[cell]
        self.cells = nn.ModuleList(
            make(input_size if k == 0 else memory_units, memory_units) for k in range(1)
        )
        self.dropout, self.units, self.D = dropout, memory_units, input_size
        self.score = nn.Linear(memory_units, output_size)

    def forward(self, images):
        x = images.reshape(len(images), -1, self.D)
        states = [None] * len(self.cells)
        for t in range(x.shape[1]):
            below = x[:, t]
            for k, cell in enumerate(self.cells):
                if k:
                    below = nn.functional.dropout(below, self.dropout, self.training)
                states[k] = cell(below, states[k])
                below = states[k][0] if isinstance(states[k], tuple) else states[k]
        return self.score(below)
