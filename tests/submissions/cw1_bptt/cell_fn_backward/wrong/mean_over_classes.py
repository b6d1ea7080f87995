"""misconception: gradient_scaled

Divides by all entries.
"""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    cache = {"X": X, "h": h, "new": h_new, "model": model}
    return (y if train else softmax(y)), h_new, cache

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    m = cache["model"]
    B, K = y_pred.shape
    target = np.eye(K)[y_train]
    delta_out = (softmax(y_pred) - target) / target.size
    delta = (np.dot(delta_out, m["Why"].T) + dh_next) * (1 - np.square(cache["new"]))
    grads = dict(
        Why=np.dot(cache["new"].T, delta_out),
        by=np.sum(delta_out, 0, keepdims=True),
        Wxh=np.dot(cache["X"].T, delta),
        Whh=np.dot(cache["h"].T, delta),
        bh=np.sum(delta, 0, keepdims=True),
    )
    return grads, np.dot(delta, m["Whh"].T)
