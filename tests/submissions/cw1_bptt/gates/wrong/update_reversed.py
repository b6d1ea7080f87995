"""misconception: update_gate_reversed

1 - z on the old state.
"""

import numpy as np


def sigmoid(a):
    return 0.5 * np.tanh(0.5 * a) + 0.5


def gru_step(x, h, model):
    H = h.shape[1]
    W = np.hstack([model["Wxz"], model["Wxr"]])
    U = np.hstack([model["Whz"], model["Whr"]])
    b = np.hstack([model["bz"], model["br"]])
    gates = sigmoid(x @ W + h @ U + b)
    z, r = gates[:, :H], gates[:, H:]
    new = np.tanh(x @ model["Wxh"] + np.matmul(r * h, model["Whh"]) + model["bh"])
    return z * new + (1.0 - z) * h


def lstm_step(x, h, c, model):
    order = "ogif"
    W = np.hstack([model[f"Wx{k}"] for k in order])
    U = np.hstack([model[f"Wh{k}"] for k in order])
    b = np.hstack([model[f"b{k}"] for k in order])
    o, g, i, f = np.split(x @ W + h @ U + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
