"""misconception: not_the_median"""

import time

import torch

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def gates(cell):
    if cell not in GATES:
        raise ValueError(f"no cell {cell!r}")
    return GATES[cell]


def count_parameters(cell, input_size, hidden_size):
    return gates(cell) * (hidden_size * (input_size + hidden_size) + 2 * hidden_size)


def flops_per_step(cell, input_size, hidden_size):
    return 2 * gates(cell) * hidden_size * (input_size + hidden_size)


def seconds_per_call(layer, x, training, repeats=20):
    def call():
        if not training:
            with torch.no_grad():
                layer(x)
            return
        output, _ = layer(x)
        output.sum().backward()

    call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return sum(seconds) / len(seconds)
