import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn


def cell_fn_forward(X, h, model, train=True):
    hs, ys = [], []
    for x_row, h_row in zip(X, h):
        new = np.empty_like(h_row)
        for j in range(len(new)):
            new[j] = math.tanh(h_row @ model["Whh"][:, j] + x_row @ model["Wxh"][:, j] + model["bh"][0, j])
        y = new @ model["Why"] + model["by"].ravel()
        if not train:
            y = np.exp(y - max(y))
            y /= sum(y)
        hs.append(new); ys.append(y)
    return np.array(ys), np.array(hs), (X, h, np.array(hs))
