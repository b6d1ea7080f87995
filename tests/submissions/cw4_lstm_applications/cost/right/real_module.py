import time

import numpy as np
import torch
from torch import nn


def _layer(cell, d, h):
    if cell == "RNN":
        return nn.RNN(d, h)
    if cell == "GRU":
        return nn.GRU(d, h)
    if cell == "LSTM":
        return nn.LSTM(d, h)
    raise ValueError(cell)


def count_parameters(cell, input_size, hidden_size):
    return sum(p.numel() for p in _layer(cell, input_size, hidden_size).parameters())


def flops_per_step(cell, input_size, hidden_size):
    return sum(
        2 * p.numel() for p in _layer(cell, input_size, hidden_size).parameters() if p.dim() == 2
    )


def seconds_per_call(layer, x, training, repeats=20):
    def once():
        begin = time.perf_counter()
        with torch.set_grad_enabled(training):
            y, s = layer(x)
            if training:
                y.sum().backward()
        return time.perf_counter() - begin

    once()
    return float(np.median([once() for _ in range(repeats)]))
