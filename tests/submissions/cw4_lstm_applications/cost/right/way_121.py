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
    layer.train(training)
    times = []
    for _ in range(1 + repeats):
        t = time.perf_counter_ns()
        with torch.set_grad_enabled(training):
            out = layer(x)
            if training:
                layer.zero_grad()
                out[0].sum().backward()
        times.append((time.perf_counter_ns() - t) * 1e-9)
    return float(np.median(times[1:]))
