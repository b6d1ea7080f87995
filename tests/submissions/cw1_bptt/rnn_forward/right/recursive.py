"""Recursion over the sequence."""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

def step_loss(y, k):
    y = y - y.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(y).sum(axis=1)) - y[np.arange(len(y)), k])


def walk(xs, ks, model, h):
    if len(xs) == 0:
        return h, [], [], 0.0
    y, h, cache = cell_fn_forward(xs[0], h, model)
    last, ys, caches, loss = walk(xs[1:], ks[1:], model, h)
    return last, [y, *ys], [cache, *caches], loss + step_loss(y, ks[0])


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    return walk(list(X_train), list(y_train), model, initial_state)
