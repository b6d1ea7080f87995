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
    parameters = [p for p in layer.parameters()]

    def work():
        with torch.set_grad_enabled(bool(training)):
            out = layer(x)[0]
        if training:
            torch.autograd.grad(out.pow(2).sum(), parameters)

    work()
    import timeit

    return min(timeit.repeat(work, number=1, repeat=repeats))
