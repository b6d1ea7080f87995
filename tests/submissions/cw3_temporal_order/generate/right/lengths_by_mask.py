"""The mask comes first; small integer types."""

import numpy as np
import torch


def generate_inputs_labels(n, rng):
    size = rng.integers(100, 111, size=n, dtype=np.int32)
    step = np.tile(np.arange(110), (n, 1))
    symbol = rng.integers(1, 5, size=(n, 110), dtype=np.int8)
    is_y = rng.random((n, 3)) < 0.5
    for k, (a, b) in enumerate([(10, 20), (33, 43), (66, 76)]):
        at = rng.integers(a, b + 1, size=(n, 1))
        symbol = np.where(step == at, np.where(is_y[:, k : k + 1], 6, 5), symbol)
    symbol = np.where(step == 0, 0, symbol)
    symbol = np.where(step == size[:, None] - 1, 7, symbol)
    inputs = np.zeros((n, 110, 8), dtype=np.float32)
    np.put_along_axis(inputs, symbol[..., None].astype(int), 1, axis=2)
    inputs[step >= size[:, None]] = 0
    return inputs, size, (is_y * [4, 2, 1]).sum(1)
