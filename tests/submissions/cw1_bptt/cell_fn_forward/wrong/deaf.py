"""misconception: input_ignored

The input plays no part.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True, activation=np.tanh):
    new = activation(model["bh"] + h @ model["Whh"])
    y = model["by"] + new @ model["Why"]
    if train:
        return y, new, (new, X, h, model)
    y = np.exp(y - y.max(1, keepdims=True), dtype=float)
    return y * (1 / y.sum(1, keepdims=True)), new, (new, X, h, model)
