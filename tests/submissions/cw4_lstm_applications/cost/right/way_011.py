"""formulas and clocks of other kinds"""
import statistics
import time

import numpy as np
import torch
from torch import nn


def count_parameters(cell, input_size, hidden_size):
    if cell == "RNN":
        g = 1
    elif cell == "GRU":
        g = 3
    elif cell == "LSTM":
        g = 4
    else:
        raise ValueError(cell)
    W = g * hidden_size * input_size
    U = g * hidden_size * hidden_size
    b = g * hidden_size
    return W + U + b + b



def flops_per_step(cell, input_size, hidden_size):
    weights = count_parameters(cell, input_size, hidden_size)
    blocks = {"RNN": 1, "GRU": 3, "LSTM": 4}[cell]
    return 2 * (weights - 2 * blocks * hidden_size)



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
