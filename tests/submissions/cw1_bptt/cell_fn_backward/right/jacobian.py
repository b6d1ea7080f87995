"""The Jacobian of the softmax written out."""

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
    p = softmax(y_pred)
    B, K = p.shape
    dp = np.zeros((B, K))
    dp[np.arange(B), y_train] = -1 / p[np.arange(B), y_train] / B
    jacobian = p[:, :, None] * np.eye(K) - p[:, :, None] * p[:, None, :]
    dy = np.einsum("bij,bi->bj", jacobian, dp)
    da = (dy.dot(model["Why"].T) + dh_next) * (1 - h_new**2)
    return (
        {
            "by": dy.sum(0, keepdims=True), "bh": da.sum(0, keepdims=True),
            "Why": h_new.T.dot(dy), "Whh": h.T.dot(da), "Wxh": X.T.dot(da),
        },
        da.dot(model["Whh"].T),
    )
