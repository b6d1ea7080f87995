"""Feeds one row at a time to the layer, handing the state on."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.D = input_size
        self.rnn = eval(f"nn.{cell}")(input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.fc = nn.Linear(memory_units, output_size)

    def forward(self, images):
        x, state = images.reshape(images.shape[0], -1, self.D), None
        for t in range(x.size(1)):
            y, state = self.rnn(x[:, t : t + 1], state)
        return self.fc(y.squeeze(1))
