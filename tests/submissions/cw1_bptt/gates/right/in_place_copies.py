"""In place, on fresh arrays only."""

import numpy as np


def sigmoid_(a):
    np.negative(a, out=a)
    np.exp(a, out=a)
    a += 1
    np.reciprocal(a, out=a)
    return a


def gru_step(x, h, model):
    z = x @ model["Wxz"]
    z += h @ model["Whz"]
    z += model["bz"]
    z = sigmoid_(z)
    r = sigmoid_(x @ model["Wxr"] + h @ model["Whr"] + model["br"])
    r *= h
    n = x @ model["Wxh"]
    n += r @ model["Whh"]
    n += model["bh"]
    np.tanh(n, out=n)
    n *= 1 - z
    n += z * h
    return n


def lstm_step(x, h, c, model):
    i, f, o = (sigmoid_(x @ model["Wx" + k] + h @ model["Wh" + k] + model["b" + k]) for k in "ifo")
    g = np.tanh(x @ model["Wxg"] + h @ model["Whg"] + model["bg"])
    g *= i
    g += f * c
    return o * np.tanh(g), g
