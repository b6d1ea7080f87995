"""One sequence at a time."""

import numpy as np
import torch


def generate_inputs_labels(n, rng):
    inputs = np.zeros((n, 110, 8), dtype="float32")
    lengths, labels = np.zeros(n, int), np.zeros(n, int)
    for i in range(n):
        length = int(rng.integers(100, 111))
        symbols = ["E"] + list(rng.choice(list("abcd"), length - 2)) + ["B"]
        word = rng.choice(["X", "Y"], 3)
        for where, what in zip((rng.integers(10, 21), rng.integers(33, 44), rng.integers(66, 77)), word):
            symbols[where] = what
        for t, symbol in enumerate(symbols):
            inputs[i, t, "EabcdXYB".index(symbol)] = 1
        lengths[i] = length
        labels[i] = int("".join("01"["XY".index(w)] for w in word), 2)
    return inputs, lengths, labels
