"""misconception: not_the_median"""


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


def flops_per_step(cell, input_size, hidden_size):
    if cell not in ("RNN", "GRU", "LSTM"):
        raise ValueError(cell)
    per_gate = 2 * input_size * hidden_size + 2 * hidden_size**2
    return {"RNN": per_gate, "GRU": 3 * per_gate, "LSTM": 4 * per_gate}[cell]


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
