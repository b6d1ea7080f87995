"""misconception: output_bias_missing

Forgets by.
"""

import numpy as np


class Cell:
    def __init__(self, model):
        self.__dict__.update(model)

    def step(self, x, h):
        self.x, self.h_old = x, h
        self.h_new = np.tanh(x @ self.Wxh + h @ self.Whh + self.bh)
        return self.h_new @ self.Why

    @staticmethod
    def probabilities(y):
        y = np.exp(y - y.max(axis=1)[:, np.newaxis])
        return y / y.sum(axis=1)[:, np.newaxis]


def cell_fn_forward(X, h, model, train=True):
    cell = Cell(model)
    y = cell.step(X, h)
    return y if train else cell.probabilities(y), cell.h_new, cell
