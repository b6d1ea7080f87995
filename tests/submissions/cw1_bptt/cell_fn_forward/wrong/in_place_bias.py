"""misconception: inputs_changed

Adds to the model in place.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    b = model["by"]
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + b
    b += 0.01
    cache = (X, h, h_new, model)
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, cache
