"""misconception: own_loss_missing"""

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
    slope = 1 - h_new**2
    dy = softmax(y_pred)
    dy = (dy - np.eye(dy.shape[1])[np.asarray(y_train)]) / dy.shape[0]
    own, future = (dy @ model["Why"].T) * slope, dh_next * slope
    grad = {name: 0 for name in model}
    for part in (own, future):
        grad["Wxh"] = grad["Wxh"] + X.T @ part
        grad["Whh"] = grad["Whh"] + h.T @ part
        grad["bh"] = grad["bh"] + part.sum(0, keepdims=True)
    grad["Why"], grad["by"] = h_new.T @ dy, dy.sum(0, keepdims=True)
    return grad, future @ model["Whh"].T
