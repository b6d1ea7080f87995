"""misconception: loss_kept_finite

Probabilities kept away from zero.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

def cross_entropy(y, target):
    p = np.exp(y - y.max(1, keepdims=True))
    p = np.clip(p / p.sum(1, keepdims=True), 1e-15, 1.0)
    return -np.log(p[range(len(p)), target]).sum() / len(p)


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    h, ys, caches = initial_state, (), ()
    loss = 0.0
    for x, t in zip(X_train, y_train, strict=True):
        y, h, c = cell_fn_forward(x, h, model)
        ys, caches, loss = ys + (y,), caches + (c,), loss + cross_entropy(y, t)
    return [h, ys, caches, loss]
