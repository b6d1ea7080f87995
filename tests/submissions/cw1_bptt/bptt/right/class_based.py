"""A class that accumulates."""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    return (y if train else softmax(y)), h_new, (X, h, h_new, model)


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    h, ys, caches, loss = initial_state, [], [], 0.0
    for X, labels in zip(X_train, y_train):
        y, h, cache = cell_fn_forward(X, h, model)
        loss += -np.log(softmax(y)[np.arange(len(y)), labels] + 1e-15).mean()
        ys.append(y)
        caches.append(cache)
    return h, ys, caches, loss


def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h, h_new, model = cache
    dy = softmax(y_pred)
    dy[np.arange(len(dy)), y_train] -= 1
    dy /= len(dy)
    da = (dy @ model["Why"].T + dh_next) * (1 - h_new**2)
    grad = {
        "Wxh": X.T @ da, "Whh": h.T @ da, "Why": h_new.T @ dy,
        "bh": da.sum(axis=0, keepdims=True), "by": dy.sum(axis=0, keepdims=True),
    }
    return grad, da @ model["Whh"].T


class Accumulator:
    def __init__(self, model):
        self.sums = {k: np.zeros_like(v, dtype=float) for k, v in model.items()}
        self.count = 0

    def add(self, grad):
        self.count += 1
        for k in self.sums:
            self.sums[k] += grad[k]

    def mean(self, bound):
        return {k: np.clip(v / self.count, -bound, bound) for k, v in self.sums.items()}


def bptt(model, X_train, y_train, initial_state):
    state, ys, caches, loss = rnn_forward(X_train, y_train, model, initial_state, verbose=False)
    total, flow = Accumulator(model), 0.0 * state
    for args in reversed(list(zip(ys, y_train, caches))):
        grad, flow = cell_fn_backward(args[0], args[1], flow, args[2])
        total.add(grad)
    return total.mean(5), loss / total.count, state
