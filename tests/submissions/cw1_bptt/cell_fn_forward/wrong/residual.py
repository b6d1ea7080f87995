"""misconception: old_state_added

Adds the old state to the new.
"""

from collections import namedtuple

import numpy as np

Cache = namedtuple("Cache", "X h new model")


def affine(x, W, b=0.0):
    return x @ W + b


def normalise(y):
    shifted = y - np.max(y, axis=1).reshape(-1, 1)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=1).reshape(-1, 1)


def cell_fn_forward(X, h, model, train=True):
    new = h + np.tanh(affine(X, model["Wxh"], affine(h, model["Whh"], model["bh"])))
    y = affine(new, model["Why"], model["by"])
    return (y, new, Cache(X, h, new, model)) if train else (normalise(y), new, Cache(X, h, new, model))
