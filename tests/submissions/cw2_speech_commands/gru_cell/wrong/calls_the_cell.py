"""misconception: calls_the_solution"""

import torch
from torch import nn


import importlib


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.cell = importlib.import_module("torch.nn").GRUCell(input_size, hidden_size, bias)

    def forward(self, input, hx=None):
        return self.cell(input, hx)
