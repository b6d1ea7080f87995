"""Helpers around one sequence of ids."""

import numpy as np
import torch


RANGES = ((10, 20), (33, 43), (66, 76))


def one_sequence(rng):
    length = rng.integers(100, 111)
    ids = rng.integers(1, 5, length)
    ids[0], ids[-1] = 0, 7
    label = 0
    for low, high in RANGES:
        y = rng.integers(2)
        ids[rng.integers(low, high + 1)] = 5 + y
        label = (label << 1) | int(y)
    return ids, label


def generate_inputs_labels(n, rng):
    sequences = [one_sequence(rng) for _ in range(n)]
    inputs = np.zeros((n, 110, 8), np.float32)
    for i, (ids, _) in enumerate(sequences):
        inputs[i, np.arange(len(ids)), ids] = 1.0
    lengths = np.array([len(ids) for ids, _ in sequences])
    return inputs, lengths, np.array([label for _, label in sequences])
