"""misconception: too_few_calls

The time is a guess; the layer is never called.
"""
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def count_parameters(cell, input_size, hidden_size):
    if cell not in GATES:
        raise ValueError(cell)
    return GATES[cell] * (hidden_size * (input_size + hidden_size) + 2 * hidden_size)


def flops_per_step(cell, input_size, hidden_size):
    if cell not in GATES:
        raise ValueError(cell)
    return 2 * GATES[cell] * hidden_size * (input_size + hidden_size)


def seconds_per_call(layer, x, training, repeats=20):
    return 0.008 if training else 0.004
