import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.input_size = input_size
        layer = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}[cell]
        self.rnn = layer(input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.W = nn.Parameter(torch.randn(memory_units, output_size) * 0.1)
        self.b = nn.Parameter(torch.zeros(output_size))

    def forward(self, images):
        if images.dim() == 2:
            images = images.view(images.shape[0], -1, self.input_size)
        outputs, state = self.rnn(images)
        return torch.einsum('bh,hk->bk', outputs[:, -1], self.W) + self.b
