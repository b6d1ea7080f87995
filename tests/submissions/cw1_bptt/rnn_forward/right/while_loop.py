"""A while loop and pops."""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    todo = list(zip(X_train, y_train))[::-1]
    state, ys, caches, loss = initial_state, [], [], 0.0
    while todo:
        x, target = todo.pop()
        y, state, cache = cell_fn_forward(x, state, model)
        ys.append(y)
        caches.append(cache)
        y = y - np.max(y, axis=1)[:, None]
        p = np.exp(y)
        loss = loss + np.mean(np.log(p.sum(1)) - y[np.arange(len(y)), target])
    return state, ys, caches, loss
