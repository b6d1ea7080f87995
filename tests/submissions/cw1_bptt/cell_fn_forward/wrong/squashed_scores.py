"""misconception: output_squashed

tanh on the scores.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    z = model["Wxh"].T @ X.T + model["Whh"].T @ h.T + model["bh"].T
    hn = np.tanh(z)
    yn = np.tanh(model["Why"].T @ hn + model["by"].T)
    if train is False:
        yn = np.exp(yn - yn.max(0))
        yn = yn / yn.sum(0)
    return yn.T, hn.T, {"X": X, "h_prev": h, "h": hn.T, "m": model}
