"""misconception: wrong_shape | first_state_returned | not_finite | wrong_type

All states.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

from scipy.special import log_softmax


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    T = len(X_train)
    states, scores, caches = [initial_state], [], []
    for t in range(T):
        y, h, cache = cell_fn_forward(X_train[t], states[-1], model, True)
        states.append(h)
        scores.append(y)
        caches.append(cache)
    total = 0
    for t in range(T):
        logp = log_softmax(scores[t], axis=1)
        rows = range(logp.shape[0])
        total -= np.mean(logp[rows, y_train[t]])
    if verbose:
        print(f"Loss: {total}")
    return states[1:], scores, caches, total
