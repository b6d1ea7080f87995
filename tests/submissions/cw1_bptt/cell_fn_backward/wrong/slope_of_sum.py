"""misconception: tanh_derivative_wrong

1 - a².
"""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    cache = (X, h, model)
    return (y if train else softmax(y)), h_new, cache

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h, model = cache
    a = h @ model["Whh"] + X @ model["Wxh"] + model["bh"]
    err = softmax(y_pred)
    err[range(len(err)), y_train] -= 1
    err = err / len(err)
    g = (err @ model["Why"].T + dh_next) * (1 - a**2)
    rows = np.ones((1, len(X)))
    out = {"Wxh": X.T @ g, "Whh": h.T @ g, "Why": np.tanh(a).T @ err, "bh": rows @ g, "by": rows @ err}
    return out, g @ model["Whh"].T
