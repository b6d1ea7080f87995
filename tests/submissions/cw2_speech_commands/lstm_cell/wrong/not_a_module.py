"""misconception: wrong_kind"""

import torch
from torch import nn


class LSTMCell:
    def __init__(self, input_size, hidden_size, bias=True):
        self.weights = torch.randn(4 * hidden_size, input_size + hidden_size)

    def __call__(self, input, hx=None):
        return input, input
