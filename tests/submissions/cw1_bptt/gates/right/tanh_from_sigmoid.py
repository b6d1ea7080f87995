"""tanh as a stretched sigmoid."""

import numpy as np
from scipy.special import expit


def tanh(a):
    return 2 * expit(2 * a) - 1


def gru_step(x, h, model):
    z = expit(x.dot(model["Wxz"]) + h.dot(model["Whz"]) + model["bz"])
    r = expit(x.dot(model["Wxr"]) + h.dot(model["Whr"]) + model["br"])
    past = (r * h).dot(model["Whh"])
    n = tanh(x.dot(model["Wxh"]) + past + model["bh"])
    return n - z * n + z * h


def lstm_step(x, h, c, model):
    i = expit(x.dot(model["Wxi"]) + h.dot(model["Whi"]) + model["bi"])
    f = expit(x.dot(model["Wxf"]) + h.dot(model["Whf"]) + model["bf"])
    o = expit(x.dot(model["Wxo"]) + h.dot(model["Who"]) + model["bo"])
    c2 = f * c + i * tanh(x.dot(model["Wxg"]) + h.dot(model["Whg"]) + model["bg"])
    return o * tanh(c2), c2
