"""misconception: other_step_used"""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.input_size = input_size
        self.rnn = getattr(nn, cell)(input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.head = nn.Linear(memory_units, output_size)

    def forward(self, images):
        x = images.reshape(len(images), -1, self.input_size)
        out, _ = self.rnn(x)
        return self.head(out[:, -2 if out.shape[1] > 1 else 0])
