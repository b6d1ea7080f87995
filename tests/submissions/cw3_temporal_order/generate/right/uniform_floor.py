"""Real numbers, rounded down."""

import numpy as np
import torch


def generate_inputs_labels(n, rng):
    def whole(low, high, size):
        return np.floor(low + (high + 1 - low) * rng.random(size)).astype(int)

    ids, row = whole(1, 4, (n, 110)), np.arange(n)
    lengths = whole(100, 110, n)
    word = whole(0, 1, (3, n))
    for (low, high), letter in zip(((10, 20), (33, 43), (66, 76)), word):
        ids[row, whole(low, high, n)] = letter + 5
    ids[:, 0], ids[row, lengths - 1] = 0, 7
    inputs = np.float32(ids[:, :, None] == np.arange(8)) * (np.arange(110)[:, None] < lengths[:, None, None])
    return inputs.astype(np.float32), lengths, np.array([4, 2, 1]) @ word
