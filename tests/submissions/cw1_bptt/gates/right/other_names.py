"""Other names of the arguments."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



def gru_step(inputs, state, p):
    keep = sigmoid(inputs @ p["Wxz"] + state @ p["Whz"] + p["bz"])
    look = sigmoid(inputs @ p["Wxr"] + state @ p["Whr"] + p["br"])
    fresh = np.tanh(inputs @ p["Wxh"] + np.dot(look * state, p["Whh"]) + p["bh"])
    return fresh * (1 - keep) + state * keep


def lstm_step(inputs, shown, memory, p):
    gates = {k: sigmoid(inputs @ p["Wx" + k] + shown @ p["Wh" + k] + p["b" + k]) for k in ("i", "f", "o")}
    memory = gates["f"] * memory + gates["i"] * np.tanh(inputs @ p["Wxg"] + shown @ p["Whg"] + p["bg"])
    return gates["o"] * np.tanh(memory), memory
