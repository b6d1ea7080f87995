"""misconception: softmax_missing

Ignores train.
"""

import numpy as np


def tanh(a):
    e = np.exp(-2 * np.abs(a))
    return np.sign(a) * (1 - e) / (1 + e)


def softmax(a):
    a = a - a.max(-1, keepdims=True)
    return np.exp(a) / np.exp(a).sum(-1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h1 = tanh(X.dot(model["Wxh"]) + h.dot(model["Whh"]) + model["bh"])
    y1 = h1.dot(model["Why"]) + model["by"]
    return y1, h1, (X, h, h1, model)
