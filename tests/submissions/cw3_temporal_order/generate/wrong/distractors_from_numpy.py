"""misconception: rng_ignored

The distractors come from np.random.
"""

import numpy as np


def generate_inputs_labels(n, rng):
    lengths = rng.integers(100, 111, size=n)
    ids = np.random.randint(1, 5, size=(n, 110))
    rows = np.arange(n)
    bits = rng.integers(0, 2, size=(n, 3))
    for k, (a, b) in enumerate([(10, 21), (33, 44), (66, 77)]):
        ids[rows, rng.integers(a, b, size=n)] = 5 + bits[:, k]
    ids[:, 0] = 0
    ids[rows, lengths - 1] = 7
    inputs = np.eye(8, dtype=np.float32)[ids]
    inputs[np.arange(110) >= lengths[:, None]] = 0
    return inputs, lengths, bits @ np.array([4, 2, 1])
