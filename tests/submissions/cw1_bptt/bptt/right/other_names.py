"""Other argument names."""

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


def bptt(params, inputs, targets, h0, truncate=None):
    hT, outputs, memory, J = rnn_forward(inputs, targets, params, h0, verbose=False)
    T = len(outputs)
    dparams = {p: np.zeros(params[p].shape) for p in params}
    delta = np.zeros(hT.shape)
    for step in range(T, 0, -1):
        dstep, delta = cell_fn_backward(outputs[step - 1], targets[step - 1], delta, memory[step - 1])
        for p in params:
            dparams[p] += dstep[p]
        if truncate is not None and (T - step + 1) % truncate == 0:
            delta = np.zeros(hT.shape)
    return {p: np.clip(d / T, -5, 5) for p, d in dparams.items()}, J / T, hT
