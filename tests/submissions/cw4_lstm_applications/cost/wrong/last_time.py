"""misconception: not_the_median

Last measured.
"""

import time

import torch

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def count_parameters(cell, input_size, hidden_size):
    if cell not in GATES:
        raise ValueError(f"{cell} is not one of {list(GATES)}")
    return GATES[cell] * hidden_size * (input_size + hidden_size + 2)


def flops_per_step(cell, input_size, hidden_size):
    if cell not in GATES:
        raise ValueError(f"{cell} is not one of {list(GATES)}")
    return 2 * GATES[cell] * hidden_size * (input_size + hidden_size)


def seconds_per_call(layer, x, training, repeats=20):
    def call():
        if training:
            output, _ = layer(x)
            output.sum().backward()
        else:
            with torch.no_grad():
                layer(x)

    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return times[-1]
