"""formulas and clocks of other kinds"""
import statistics
import time

import numpy as np
import torch
from torch import nn


def count_parameters(cell, input_size, hidden_size):
    kinds = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
    if cell not in kinds:
        raise ValueError("unknown cell")
    return sum(p.numel() for p in kinds[cell](input_size, hidden_size).parameters())



def flops_per_step(cell, input_size, hidden_size):
    weights = count_parameters(cell, input_size, hidden_size)
    blocks = {"RNN": 1, "GRU": 3, "LSTM": 4}[cell]
    return 2 * (weights - 2 * blocks * hidden_size)



def seconds_per_call(layer, x, training, repeats=20):
    """Mean time of a call in seconds."""
    grad = torch.enable_grad() if training else torch.no_grad()
    with grad:
        for i in range(repeats + 3):
            if i == 3:
                start = time.perf_counter()
            y = layer(x)[0]
            if training:
                y.mean().backward()
        return (time.perf_counter() - start) / repeats
