"""misconception: not_written

The stub.
"""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        raise NotImplementedError()

    def forward(self, images):
        raise NotImplementedError()
