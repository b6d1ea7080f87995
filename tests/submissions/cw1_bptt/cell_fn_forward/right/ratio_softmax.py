import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn


def softmax(y):
    # 1 / sum_j exp(y_j - y_k)
    with np.errstate(over="ignore"):
        return 1 / np.exp(y[:, None, :] - y[:, :, None]).sum(axis=2)
def cell_fn_forward(X, h, model, train=True):
    h = np.tanh(sum((h @ model["Whh"], X @ model["Wxh"], model["bh"])))
    y = np.add(h @ model["Why"], model["by"])
    return [softmax(y), y][int(train)], h, {"h": h}
