"""misconception: tanh_twice

Squashes twice.
"""

import numpy as np
from scipy.special import softmax


def cell_fn_forward(X, h, model, train=True):
    Wxh, Whh, Why, bh, by = (model[k] for k in ("Wxh", "Whh", "Why", "bh", "by"))
    state = np.tanh(np.tanh(np.matmul(X, Wxh) + np.matmul(h, Whh) + bh))
    y_pred = np.matmul(state, Why) + by
    if not train:
        y_pred = softmax(y_pred, axis=1)
    return y_pred, state, (X, Whh, h, Why, state, y_pred)
