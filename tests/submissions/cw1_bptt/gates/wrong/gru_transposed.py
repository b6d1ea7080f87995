"""misconception: gate_weights_transposed

Whh transposed.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



def mix(a, W):
    return np.einsum("bi,ij->bj", a, W)


def gru_step(x, h, model):
    z = sigmoid(mix(x, model["Wxz"]) + mix(h, model["Whz"]) + model["bz"])
    r = sigmoid(mix(x, model["Wxr"]) + mix(h, model["Whr"]) + model["br"])
    n = np.tanh(mix(x, model["Wxh"]) + np.einsum("bi,bi,ji->bj", r, h, model["Whh"]) + model["bh"])
    return np.einsum("bi,bi->bi", z, h) + np.einsum("bi,bi->bi", 1 - z, n)


def lstm_step(x, h, c, model):
    f, i, o, g = [mix(x, model["Wx" + k]) + mix(h, model["Wh" + k]) + model["b" + k] for k in "fiog"]
    new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return [sigmoid(o) * np.tanh(new), new]
