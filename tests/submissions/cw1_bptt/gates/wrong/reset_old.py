"""misconception: reset_on_carried_state

r on the carried state as well.
"""

import numpy as np


def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + e), e / (1 + e))


def gru_step(x, h, model):
    m = model
    update = sigmoid(x @ m["Wxz"] + h @ m["Whz"] + m["bz"])
    reset = sigmoid(x @ m["Wxr"] + h @ m["Whr"] + m["br"])
    proposal = np.tanh(x @ m["Wxh"] + (reset * h) @ m["Whh"] + m["bh"])
    keep = 1 - update
    return update * reset * h + keep * proposal


def lstm_step(x, h, c, model):
    m = model
    forget = sigmoid(x @ m["Wxf"] + h @ m["Whf"] + m["bf"])
    write = sigmoid(x @ m["Wxi"] + h @ m["Whi"] + m["bi"])
    show = sigmoid(x @ m["Wxo"] + h @ m["Who"] + m["bo"])
    cell = forget * c
    cell = cell + write * np.tanh(x @ m["Wxg"] + h @ m["Whg"] + m["bg"])
    return show * np.tanh(cell), cell
