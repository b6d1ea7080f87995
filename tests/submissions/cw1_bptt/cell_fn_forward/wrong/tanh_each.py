"""misconception: separate_tanh

A tanh on each part.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    joined = np.concatenate([X, h], axis=1)
    weights = np.vstack([model["Wxh"], model["Whh"]])
    state = np.tanh(X @ model["Wxh"]) + np.tanh(h @ model["Whh"] + model["bh"])
    scores = np.dot(state, model["Why"]) + model["by"]
    cache = {"joined": joined, "state": state, "weights": weights, "model": model}
    if train:
        return scores, state, cache
    scores = scores - np.max(scores, 1)[:, None]
    return np.exp(scores) / np.exp(scores).sum(1)[:, None], state, cache
