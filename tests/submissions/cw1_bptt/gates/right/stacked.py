"""Gates as one array with a gate axis."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



def gru_step(x, h, model):
    W = np.stack([model["Wxz"], model["Wxr"]])
    U = np.stack([model["Whz"], model["Whr"]])
    b = np.stack([model["bz"], model["br"]])
    z, r = sigmoid(np.matmul(x, W) + np.matmul(h, U) + b)
    return z * h + (1 - z) * np.tanh(x @ model["Wxh"] + (r * h) @ model["Whh"] + model["bh"])


def lstm_step(x, h, c, model):
    names = "ifog"
    W, U, b = (np.stack([model[p + k] for k in names]) for p in ("Wx", "Wh", "b"))
    a = x @ W + h @ U + b
    i, f, o = sigmoid(a[:3])
    c = (np.stack([f, i]) * np.stack([c, np.tanh(a[3])])).sum(0)
    return o * np.tanh(c), c
