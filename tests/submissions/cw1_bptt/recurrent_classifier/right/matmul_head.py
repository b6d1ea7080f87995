import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        nn.Module.__init__(self)
        self.sizes = (input_size, memory_units, output_size)
        self.body = {"R": nn.RNN, "G": nn.GRU, "L": nn.LSTM}[cell[0]](input_size, memory_units, num_layers, dropout=dropout, batch_first=True)
        self.W = nn.Parameter(torch.randn(memory_units, output_size) / memory_units ** 0.5)
        self.b = nn.Parameter(torch.zeros(1, output_size))
    def forward(self, images):
        B = len(images)
        x = images.flatten(1).unflatten(1, (-1, self.sizes[0]))
        feats = self.body(x)[0]
        return torch.addmm(self.b, feats[torch.arange(B), -1], self.W)
