"""Arrays allocated before, caches in a deque."""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

from collections import deque


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    T, B, K = len(X_train), len(X_train[0]), model["Why"].shape[1]
    scores, caches, state = np.empty((T, B, K)), deque(), initial_state
    for t in range(T):
        scores[t], state, cache = cell_fn_forward(X_train[t], state, model)
        caches.append(cache)
    shifted = scores - scores.max(2, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(2, keepdims=True))
    targets = np.asarray(y_train).reshape(T, -1)
    picked = logp[np.arange(T)[:, None], np.arange(B)[None], targets]
    return state, list(scores), caches, -picked.mean(axis=1).sum()
