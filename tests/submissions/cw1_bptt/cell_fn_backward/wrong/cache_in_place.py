"""misconception: inputs_changed

Spoils the cache.
"""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    cache = dict(p=softmax(y), slope=1 - h_new**2, XT=X.T, hT=h.T, newT=h_new.T, WhyT=model["Why"].T, WhhT=model["Whh"].T)
    return (y if train else softmax(y)), h_new, cache

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    n = len(cache["p"])
    error = cache["p"]
    for row, label in enumerate(y_train):
        error[row, label] = error[row, label] - 1
    error = error / n
    inner = np.multiply(np.matmul(error, cache["WhyT"]) + dh_next, cache["slope"])
    grad = {
        "Wxh": np.matmul(cache["XT"], inner), "Whh": np.matmul(cache["hT"], inner),
        "Why": np.matmul(cache["newT"], error),
        "bh": inner.sum(axis=0).reshape(1, inner.shape[1]),
        "by": error.sum(axis=0).reshape(1, error.shape[1]),
    }
    return grad, np.matmul(inner, cache["WhhT"])
