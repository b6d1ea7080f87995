"""misconception: fixed_length

Every sequence has 110 steps.
"""

import numpy as np
import torch


def generate_inputs_labels(n, rng):
    ids = rng.integers(1, 5, size=(n, 110))
    ids[:, 0] = 0
    rows = np.arange(n)
    t1, t2, t3 = rng.integers(10, 21, n), rng.integers(33, 44, n), rng.integers(66, 77, n)
    s = rng.integers(0, 2, size=(n, 3))
    ids[rows, t1] = 5 + s[:, 0]
    ids[rows, t2] = 5 + s[:, 1]
    ids[rows, t3] = 5 + s[:, 2]
    lengths = np.full(n, 110)
    ids[rows, lengths - 1] = 7
    inputs = np.eye(8, dtype=np.float32)[ids]
    inputs[np.arange(110) >= lengths[:, None]] = 0
    labels = 4 * s[:, 0] + 2 * s[:, 1] + s[:, 2]
    return inputs, lengths, labels
