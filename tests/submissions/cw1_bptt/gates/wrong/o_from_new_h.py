"""misconception: one_gate_wrong

O reads c_new.
"""

import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn


def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + e), e / (1 + e))

def gru_step(x, h, model):
    z = sigmoid(x @ model["Wxz"] + h @ model["Whz"] + model["bz"])
    r = sigmoid(x @ model["Wxr"] + h @ model["Whr"] + model["br"])
    cand = np.tanh(x @ model["Wxh"] + (r * h) @ model["Whh"] + model["bh"])
    return z * h + (1 - z) * cand

def lstm_step(x, h, c, model):
    i = sigmoid(x @ model["Wxi"] + h @ model["Whi"] + model["bi"])
    f = sigmoid(x @ model["Wxf"] + h @ model["Whf"] + model["bf"])
    o = sigmoid(x @ model["Wxo"] + c @ model["Who"] + model["bo"])
    g = np.tanh(x @ model["Wxg"] + h @ model["Whg"] + model["bg"])
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return h_new, c_new
