"""Input and state as one vector, one product for both matrices."""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    cache = (np.hstack([X, h]), h_new, np.vstack([model["Wxh"], model["Whh"]]), model["Why"], X.shape[1])
    return (y if train else softmax(y)), h_new, cache

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    joined, h_new, W, Why, D = cache
    d_y = softmax(y_pred)
    d_y[np.arange(d_y.shape[0]), y_train] -= 1
    d_y = d_y / d_y.shape[0]
    d_a = (d_y @ Why.T + dh_next) * (1 - h_new * h_new)
    d_W, d_joined = joined.T @ d_a, d_a @ W.T
    grad = {"Wxh": d_W[:D], "Whh": d_W[D:], "Why": h_new.T @ d_y}
    grad["bh"] = np.atleast_2d(d_a.sum(0))
    grad["by"] = np.atleast_2d(d_y.sum(0))
    return grad, d_joined[:, D:]
