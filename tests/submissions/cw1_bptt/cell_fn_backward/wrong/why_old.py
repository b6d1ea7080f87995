"""misconception: output_gradient_from_old_state

Old state for Why.
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
    N = y_pred.shape[0]
    P = softmax(y_pred).T
    Y = np.zeros_like(P)
    Y[y_train, np.arange(N)] = 1
    E = (P - Y) / N
    S = model["Why"] @ E + dh_next.T
    A = S * (1 - h_new.T**2)
    grads = {}
    grads["Why"] = (E @ h).T
    grads["Wxh"] = (A @ X).T
    grads["Whh"] = (A @ h).T
    grads["by"] = E.sum(1).reshape(1, -1)
    grads["bh"] = A.sum(1).reshape(1, -1)
    return grads, (model["Whh"] @ A).T
