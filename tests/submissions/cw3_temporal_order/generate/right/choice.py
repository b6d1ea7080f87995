"""rng.choice everywhere."""

import numpy as np
import torch


def generate_inputs_labels(n, rng):
    grid = rng.choice([1, 2, 3, 4], size=(n, 110), replace=True)
    lengths = rng.choice(np.arange(100, 111), n)
    label = np.zeros(n, dtype=int)
    for place in ([*range(10, 21)], [*range(33, 44)], [*range(66, 77)]):
        letter = rng.choice([5, 6], n)
        grid[np.arange(n), rng.choice(place, n)] = letter
        label = label * 2 + (letter == 6)
    grid[:, 0] = 0
    grid[np.arange(n), lengths - 1] = 7
    x = np.zeros((n, 110, 8), np.float32)
    i, t = np.nonzero(np.arange(110) < lengths[:, None])
    x[i, t, grid[i, t]] = 1
    return x, lengths, label
