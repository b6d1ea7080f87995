"""misconception: bias_gradient_axis

Axis 1.
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

def product_rule(A, W, dC):
    return A.T @ dC, dC @ W.T


def bias_rule(dC):
    return dC.sum(axis=1, keepdims=True)


def loss_rule(y, labels):
    p = softmax(y)
    p[np.arange(len(p)), labels] -= 1
    return p / len(p)


def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h, h_new, model = cache
    dy = loss_rule(y_pred, y_train)
    dWhy, dh = product_rule(h_new, model["Why"], dy)
    da = (dh + dh_next) * (1 - h_new**2)
    dWhh, back = product_rule(h, model["Whh"], da)
    dWxh, _ = product_rule(X, model["Wxh"], da)
    return dict(Wxh=dWxh, Whh=dWhh, Why=dWhy, bh=bias_rule(da), by=bias_rule(dy)), back
