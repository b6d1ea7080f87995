"""misconception: not_the_median"""

import time

import torch


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
    if training:

        def once():
            h, state = layer(x)
            torch.autograd.backward(h.sum())
    else:

        @torch.inference_mode()
        def once():
            return layer(x)

    once(), once()
    best = float("inf")
    for _ in range(max(repeats, 5)):
        begin = time.perf_counter()
        once()
        best = min(best, time.perf_counter() - begin)
    return best
