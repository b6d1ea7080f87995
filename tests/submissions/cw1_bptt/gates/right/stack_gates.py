import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn


def sigmoid(a):
    out = np.zeros_like(a, dtype=np.float64)
    np.divide(1.0, 1.0 + np.exp(-np.clip(a, -700, 700)), out=out)
    return out
def gru_step(x, h, model):
    zr = sigmoid(np.stack([x @ model["Wx" + g] + h @ model["Wh" + g] + model["b" + g] for g in "zr"]))
    n = np.tanh(x @ model["Wxh"] + (zr[1] * h) @ model["Whh"] + model["bh"])
    return zr[0] * h + (1 - zr[0]) * n
def lstm_step(x, h, c, model):
    a = np.stack([x @ model["Wx" + g] + h @ model["Wh" + g] + model["b" + g] for g in "ifog"])
    s = sigmoid(a[:3])
    cc = s[1] * c + s[0] * np.tanh(a[3])
    return s[2] * np.tanh(cc), cc
