"""The label is drawn and its bits are placed."""

import numpy as np
import torch


def generate_inputs_labels(n, rng):
    labels = rng.integers(0, 8, n)
    bits = (labels[:, None] >> np.array([2, 1, 0])) & 1
    places = np.stack([rng.integers(a, b, n, endpoint=True) for a, b in ((10, 20), (33, 43), (66, 76))], 1)
    lengths = rng.integers(100, 110, n, endpoint=True)
    ids = 1 + rng.integers(0, 4, (n, 110))
    np.put_along_axis(ids, places, 5 + bits, axis=1)
    np.put_along_axis(ids, lengths[:, None] - 1, 7, axis=1)
    ids[:, 0] = 0
    one_hot = (ids[..., None] == np.arange(8)).astype(np.float32)
    one_hot *= (np.arange(110) < lengths[:, None])[..., None]
    return one_hot, lengths, labels
