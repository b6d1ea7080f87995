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



def flops_per_step(cell, input_size, hidden_size):
    if cell not in ("RNN", "GRU", "LSTM"):
        raise ValueError(cell)
    per_gate = 2 * input_size * hidden_size + 2 * hidden_size**2
    return {"RNN": per_gate, "GRU": 3 * per_gate, "LSTM": 4 * per_gate}[cell]



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
