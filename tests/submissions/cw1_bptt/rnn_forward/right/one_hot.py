"""One-hot labels times log-probabilities."""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    K = model["by"].size
    loss, h, ys, caches = 0.0, initial_state.copy(), [], []
    for t in range(len(X_train)):
        y, h, c = cell_fn_forward(X_train[t], h, model)
        onehot = np.eye(K)[np.atleast_1d(y_train[t])]
        m = y.max(1)[:, None]
        logp = y - m - np.log(np.exp(y - m).sum(1))[:, None]
        loss -= np.sum(onehot * logp) / y.shape[0]
        ys += [y]
        caches += [c]
    return h, ys, caches, loss
