"""Biases as weights of a constant one."""

import numpy as np


def ones(a):
    return np.hstack([a, np.ones((len(a), 1))])


def cell_fn_forward(X, h, model, train=True):
    W = np.concatenate((model["Whh"], model["Wxh"], model["bh"]))
    V = np.concatenate((model["Why"], model["by"]))
    new = np.tanh(ones(np.hstack([h, X])) @ W)
    y = ones(new) @ V
    if train:
        return y, new, (X, h, new, W, V)
    y = y - y.max(1, keepdims=True)
    return np.exp(y) / np.exp(y).sum(1, keepdims=True), new, (X, h, new, W, V)
