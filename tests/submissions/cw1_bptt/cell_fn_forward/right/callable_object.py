import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn


class Cell:
    def softmax(self, y):
        e = np.exp(y - np.max(y, axis=1).reshape(-1, 1))
        return e / np.sum(e, axis=1).reshape(-1, 1)
    def __call__(self, X, h, model, train=True):
        hh = np.tanh(np.matmul(h, model["Whh"]) + np.matmul(X, model["Wxh"]) + model["bh"])
        y = np.matmul(hh, model["Why"]) + model["by"]
        return (y if train else self.softmax(y)), hh, self
cell_fn_forward = Cell()
