"""The head is registered before the layers."""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.classify = nn.Linear(memory_units, output_size)
        self.reader = getattr(torch.nn, cell)(
            input_size, memory_units, num_layers, bias=True, batch_first=True,
            dropout=dropout if num_layers > 1 else 0.0,
        )

    def forward(self, images):
        B = len(images)
        steps = images.numel() // (B * self.reader.input_size)
        hidden, _ = self.reader(images.reshape(B, steps, -1))
        last = hidden.select(1, steps - 1)
        return self.classify(last)
