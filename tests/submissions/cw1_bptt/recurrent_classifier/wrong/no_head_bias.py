"""misconception: bias_missing

A linear layer without bias."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.input_size = input_size
        self.rnn = getattr(nn, cell)(input_size, memory_units, num_layers, dropout=dropout)
        self.scores = nn.Linear(memory_units, output_size, bias=False)

    def forward(self, images):
        x = images.reshape(len(images), -1, self.input_size).transpose(0, 1).contiguous()
        outputs, _ = self.rnn(x)
        return self.scores(outputs)[-1]
