"""Reset as a diagonal matrix, a product a row."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



def gru_step(x, h, model):
    z = sigmoid(x @ model["Wxz"] + h @ model["Whz"] + model["bz"])
    r = sigmoid(x @ model["Wxr"] + h @ model["Whr"] + model["br"])
    past = np.concatenate([row[None] @ np.diag(gate) @ model["Whh"] for row, gate in zip(h, r)])
    n = np.tanh(x @ model["Wxh"] + past + model["bh"])
    return np.where(True, z * h, 0) + (1 - z) * n


def lstm_step(x, h, c, model):
    i, f, o, g = (
        x @ model["Wx%s" % k] + h @ model["Wh%s" % k] + np.repeat(model["b%s" % k], len(x), axis=0)
        for k in "ifog"
    )
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
