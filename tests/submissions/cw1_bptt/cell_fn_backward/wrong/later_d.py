"""misconception: one_gradient_wrong"""

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
    dy = softmax(y_pred)
    dy[np.arange(len(dy)), y_train] -= 1
    dy /= len(dy)
    dh = dy @ model["Why"].T + dh_next
    da = dh * (1 - h_new**2)
    grad = {
        "Wxh": np.outer(X[0], da.sum(0)),
        "Whh": h.T @ da,
        "Why": h_new.T @ dy,
        "bh": da.sum(axis=0, keepdims=True),
        "by": dy.sum(axis=0, keepdims=True),
    }
    return grad, da @ model["Whh"].T
