"""A class with the weights as attributes."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



class Gates:
    def __init__(self, model, x, h):
        self.model, self.x, self.h = model, x, h

    def __call__(self, name, squash=sigmoid, h=None):
        h = self.h if h is None else h
        return squash(self.x @ self.model[f"Wx{name}"] + h @ self.model[f"Wh{name}"] + self.model[f"b{name}"])


def gru_step(x, h, model):
    gate = Gates(model, x, h)
    z = gate("z")
    return z * h + (1 - z) * gate("h", np.tanh, gate("r") * h)


def lstm_step(x, h, c, model):
    gate = Gates(model, x, h)
    c = gate("f") * c + gate("i") * gate("g", np.tanh)
    return gate("o") * np.tanh(c), c
