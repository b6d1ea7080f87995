import time

import torch


def _gates(cell):
    try:
        return dict(RNN=1, GRU=3, LSTM=4)[cell]
    except KeyError as e:
        raise ValueError("unknown " + str(cell)) from e


def count_parameters(cell, input_size, hidden_size):
    g, d, h = _gates(cell), input_size, hidden_size
    return int(g * d * h + g * h * h + 2 * g * h)


def flops_per_step(cell, input_size, hidden_size):
    g = _gates(cell)
    return 2 * (input_size * g * hidden_size) + 2 * (hidden_size * g * hidden_size)


def seconds_per_call(layer, x, training, repeats=20):
    t = []
    for i in range(repeats + 1):
        if training:
            layer.zero_grad()
        a = time.time()
        if training:
            out = layer(x)[0]
            torch.sum(out).backward()
        else:
            with torch.inference_mode():
                out = layer(x)[0]
        b = time.time()
        if i > 0:
            t.append(b - a)
    t.sort()
    n = len(t)
    return t[n // 2] if n % 2 else (t[n // 2 - 1] + t[n // 2]) / 2
