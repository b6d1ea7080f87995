"""misconception: backward_not_timed"""
import statistics
import time

import numpy as np
import torch
from torch import nn


GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def gates(cell):
    if cell not in GATES:
        raise ValueError(cell)
    return GATES[cell]


def count_parameters(cell, input_size, hidden_size):
    return gates(cell) * hidden_size * (input_size + hidden_size + 2)


def flops_per_step(cell, input_size, hidden_size):
    return 2 * gates(cell) * hidden_size * (input_size + hidden_size)


def seconds_per_call(layer, x, training, repeats=20):
    times = []
    for _ in range(repeats + 1):
        with torch.set_grad_enabled(training):
            start = time.perf_counter()
            y, _ = layer(x)
            times.append(time.perf_counter() - start)
            if training:
                y.sum().backward()
    return np.median(times[1:])
