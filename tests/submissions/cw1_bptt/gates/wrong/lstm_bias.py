"""misconception: gate_bias_missing

Forgets all biases.
"""

import numpy as np
from scipy.special import expit


def pre(x, h, model, k):
    return np.dot(x, model["Wx" + k]) + np.dot(h, model["Wh" + k])


def gru_step(x, h, model):
    z, r = expit(pre(x, h, model, "z")), expit(pre(x, h, model, "r"))
    candidate = np.tanh(pre(x, np.multiply(r, h), model, "h"))
    return candidate + z * (h - candidate)


def lstm_step(x, h, c, model):
    i, f, o = (expit(pre(x, h, model, k)) for k in "ifo")
    c = np.add(np.multiply(f, c), np.multiply(i, np.tanh(pre(x, h, model, "g"))))
    return np.multiply(o, np.tanh(c)), c
