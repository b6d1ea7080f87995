"""misconception: candidate_other_activation"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



def gru_step(x, h, model):
    z = sigmoid(x @ model["Wxz"] + h @ model["Whz"] + model["bz"])
    r = sigmoid(x @ model["Wxr"] + h @ model["Whr"] + model["br"])
    n = np.tanh(x @ model["Wxh"] + (r * h) @ model["Whh"] + model["bh"])
    return z * h + (1 - z) * n


def lstm_step(x, h, c, model):
    i = sigmoid(x @ model["Wxi"] + h @ model["Whi"] + model["bi"])
    f = sigmoid(x @ model["Wxf"] + h @ model["Whf"] + model["bf"])
    o = sigmoid(x @ model["Wxo"] + h @ model["Who"] + model["bo"])
    g = np.maximum(0, x @ model["Wxg"] + h @ model["Whg"] + model["bg"])
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return h_new, c_new
