"""Gates computed by their complements."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



def gru_step(x, h, model):
    write = sigmoid(-(x @ model["Wxz"] + h @ model["Whz"] + model["bz"]))
    r = sigmoid(x @ model["Wxr"] + h @ model["Whr"] + model["br"])
    n = np.tanh(x @ model["Wxh"] + (h * r) @ model["Whh"] + model["bh"])
    return h + write * (n - h)


def lstm_step(x, h, c, model):
    lose = sigmoid(-(x @ model["Wxf"] + h @ model["Whf"] + model["bf"]))
    i = sigmoid(x @ model["Wxi"] + h @ model["Whi"] + model["bi"])
    hide = sigmoid(-(x @ model["Wxo"] + h @ model["Who"] + model["bo"]))
    g = np.tanh(x @ model["Wxg"] + h @ model["Whg"] + model["bg"])
    c = c - lose * c + i * g
    return (1 - hide) * np.tanh(c), c
