"""misconception: recurrent_gradient_from_new_state

New state for Whh.
"""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    cache = (X, h, h_new, model)
    return (y if train else softmax(y)), h_new, cache

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h, h_new, model = cache
    grad = {name: np.zeros(value.shape) for name, value in model.items()}
    back = np.zeros(h.shape)
    B = X.shape[0]
    for b in range(B):
        p = np.exp(y_pred[b] - max(y_pred[b]))
        p = p / sum(p)
        p[y_train[b]] -= 1.0
        p = p / B
        grad["Why"] += np.outer(h_new[b], p)
        grad["by"] += p
        dh = model["Why"] @ p + dh_next[b]
        da = dh * (1 - h_new[b] ** 2)
        grad["Wxh"] += np.outer(X[b], da)
        grad["Whh"] += np.outer(h_new[b], da)
        grad["bh"] += da
        back[b] = model["Whh"] @ da
    return grad, back
