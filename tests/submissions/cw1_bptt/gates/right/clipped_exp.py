"""exp of clipped sums."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-np.clip(a, -500, 500)))


def gru_step(x, h, model):
    def affine(k, state):
        return x @ model[f"Wx{k}"] + state @ model[f"Wh{k}"] + model[f"b{k}"]

    z, r = map(sigmoid, (affine("z", h), affine("r", h)))
    return z * h + (1 - z) * np.tanh(affine("h", r * h))


def lstm_step(x, h, c, model):
    def affine(k):
        return x @ model[f"Wx{k}"] + h @ model[f"Wh{k}"] + model[f"b{k}"]

    new = sigmoid(affine("f")) * c + sigmoid(affine("i")) * np.tanh(affine("g"))
    return (sigmoid(affine("o")) * np.tanh(new), new)
