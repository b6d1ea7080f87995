"""misconception: loss_kept_finite

log(p + 1e-12): finite for any scores.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    h = initial_state
    ys, caches, loss = [], [], 0
    for i in range(len(X_train)):
        y, h, cache = cell_fn_forward(X_train[i], h, model, train=True)
        e = np.exp(y - np.max(y, axis=1, keepdims=True))
        p = e / np.sum(e, axis=1, keepdims=True)
        loss += np.mean(-np.log(p[np.arange(p.shape[0]), y_train[i]] + 1e-12))
        ys.append(y)
        caches.append(cache)
    return h, ys, caches, loss
