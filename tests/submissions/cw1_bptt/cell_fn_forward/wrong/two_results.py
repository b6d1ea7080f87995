"""misconception: result_left_out

Forgets the cache.
"""

import math

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    B, H, K = X.shape[0], h.shape[1], model["by"].shape[1]
    new, y = np.zeros((B, H)), np.zeros((B, K))
    for b in range(B):
        for j in range(H):
            total = model["bh"][0, j]
            for d in range(X.shape[1]):
                total += X[b, d] * model["Wxh"][d, j]
            for i in range(H):
                total += h[b, i] * model["Whh"][i, j]
            new[b, j] = math.tanh(total)
        for k in range(K):
            y[b, k] = model["by"][0, k] + sum(new[b, j] * model["Why"][j, k] for j in range(H))
    if not train:
        for b in range(B):
            row = [math.exp(v - max(y[b])) for v in y[b]]
            y[b] = np.array(row) / sum(row)
    return y, new
