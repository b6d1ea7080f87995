"""Draws the weights itself, keeps a buffer, softmax only on request."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.rnn = getattr(nn, cell)(input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.head = nn.Linear(memory_units, output_size)
        self.register_buffer("width", torch.tensor(input_size))
        for name, weight in self.named_parameters():
            if "weight" in name:
                nn.init.orthogonal_(weight)

    def forward(self, images, probabilities=False):
        x = images.reshape(images.shape[0], -1, int(self.width))
        scores = self.head(self.rnn(x)[0][:, -1])
        return scores.softmax(-1) if probabilities else scores
