"""misconception: lower_layer_used"""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.D = input_size
        args = dict(input_size=input_size, hidden_size=memory_units, num_layers=num_layers, dropout=dropout)
        if cell == "RNN":
            self.core = nn.RNN(**args)
        elif cell == "GRU":
            self.core = nn.GRU(**args)
        else:
            self.core = nn.LSTM(**args)
        self.is_lstm = cell == "LSTM"
        self.out = nn.Linear(memory_units, output_size)

    def forward(self, images):
        if images.dim() == 2:
            images = images.view(images.shape[0], -1, self.D)
        _, state = self.core(images.transpose(0, 1))
        if self.is_lstm:
            state = state[0]
        return self.out(state[0])
