"""misconception: loss_kept_finite

A library computes the mean loss of a step.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

from scipy.special import softmax
from sklearn.metrics import log_loss


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    h, ys, caches, loss = initial_state, [], [], 0.0
    for X, labels in zip(X_train, y_train):
        y, h, cache = cell_fn_forward(X, h, model)
        p = softmax(y, axis=1)
        p = np.clip(p, 1e-15, 1)
        p = p / p.sum(axis=1, keepdims=True)
        loss += log_loss(np.atleast_1d(labels), p, labels=list(range(y.shape[1])))
        ys.append(y)
        caches.append(cache)
    return h, ys, caches, loss
