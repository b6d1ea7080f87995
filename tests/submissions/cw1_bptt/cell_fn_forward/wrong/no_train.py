"""misconception: wrong_signature

Lacks the flag.
"""

import numpy as np


def cell_fn_forward(X, h, model):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    cache = (X, h, h_new, model)
    if False:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, cache
