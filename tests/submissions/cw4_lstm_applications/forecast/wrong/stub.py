"""misconception: not_written"""
import numpy as np
import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        raise NotImplementedError()

    def forward(self, x, state=None):
        raise NotImplementedError()


def predict_k(model, x, k):
    raise NotImplementedError()
