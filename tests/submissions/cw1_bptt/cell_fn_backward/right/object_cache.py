"""The cache is an object with a backward method."""

import numpy as np


class Step:
    def __init__(self, X, h, model):
        self.X, self.h, self.model = X, h, model
        self.new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
        self.y = self.new @ model["Why"] + model["by"]

    @property
    def p(self):
        e = np.exp(self.y - self.y.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    def backward(self, y_pred, labels, flow):
        error = self.p
        error[np.arange(len(error)), labels] -= 1
        error = error / len(error)
        da = (flow + error @ self.model["Why"].T) * (1 + self.new) * (1 - self.new)
        grad = {"Wxh": self.X.T @ da, "Whh": self.h.T @ da, "Why": self.new.T @ error}
        grad["bh"], grad["by"] = (g.sum(0)[np.newaxis, :] for g in (da, error))
        return grad, da @ self.model["Whh"].T


def cell_fn_forward(X, h, model, train=True):
    step = Step(X, h, model)
    return (step.y if train else step.p), step.new, step

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    return cache.backward(y_pred, y_train, dh_next)
