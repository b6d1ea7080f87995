import numpy as np


def generate_inputs_labels(n, rng):
    lengths = rng.integers(100, 111, n, dtype=np.int32)
    t = np.arange(110, dtype=np.int32)[None, :]
    ids = rng.integers(1, 5, (n, 110), dtype=np.int8)
    label = np.zeros(n, np.int64)
    for start in (10, 33, 66):
        y = rng.integers(0, 2, n)
        where = rng.integers(start, start + 11, n)
        ids = np.where(t == where[:, None], 5 + y[:, None], ids)
        label = 2 * label + y
    ids = np.where(t == 0, 0, ids)
    ids = np.where(t == lengths[:, None] - 1, 7, ids)
    ids = np.where(t >= lengths[:, None], -1, ids)
    return np.equal.outer(ids, np.arange(8)).astype(np.float32), lengths, label
