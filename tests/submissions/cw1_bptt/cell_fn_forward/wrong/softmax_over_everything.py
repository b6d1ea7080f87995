"""misconception: softmax_wrong_axis

Normalises the whole array.
"""

import copy

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    X, h, model = copy.deepcopy((X, h, model))
    a = X @ model["Wxh"]
    a += h @ model["Whh"]
    a += model["bh"]
    np.tanh(a, out=a)
    y = a @ model["Why"]
    y += model["by"]
    if not train:
        y -= y.max(axis=1, keepdims=True)
        np.exp(y, out=y)
        y /= y.sum()
    return y, a, (X, h, a, model)
