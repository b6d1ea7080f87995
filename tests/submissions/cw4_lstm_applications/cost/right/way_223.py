"""formulas and clocks of other kinds"""
import statistics
import time

import numpy as np
import torch
from torch import nn


def count_parameters(cell, D, H):
    try:
        n = dict(RNN=1, GRU=3, LSTM=4)[cell]
    except KeyError as error:
        raise ValueError(cell) from error
    return int(n * H * (D + H + 2))



def flops_per_step(cell, D, H):
    cells = ["RNN", None, "GRU", "LSTM"]
    if cell not in cells or cell is None:
        raise ValueError(cell)
    blocks = cells.index(cell) + 1
    total = 0
    for _ in range(blocks):
        total += 2 * D * H
        total += 2 * H * H
    return total



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
