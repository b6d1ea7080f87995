"""Everything in one function, no cell functions."""

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


def bptt(model, X_train, y_train, initial_state, truncate=None):
    hs, T, B = [initial_state], len(X_train), len(initial_state)
    labels = np.reshape(y_train, (T, B))
    K = model["by"].shape[1]
    errors, loss = [], 0.0
    for t in range(T):
        hs.append(np.tanh(X_train[t] @ model["Wxh"] + hs[-1] @ model["Whh"] + model["bh"]))
        p = softmax(hs[-1] @ model["Why"] + model["by"])
        errors.append((p - np.eye(K)[labels[t]]) / (B * T))
        loss -= np.log(p[np.arange(B), labels[t]]).mean() / T
    g = {k: np.zeros(v.shape) for k, v in model.items()}
    back = np.zeros_like(initial_state)
    for t in range(T - 1, -1, -1):
        g["Why"] += hs[t + 1].T @ errors[t]
        g["by"] += errors[t].sum(0)
        a = (errors[t] @ model["Why"].T + back) * (1 - hs[t + 1] ** 2)
        g["Wxh"] += X_train[t].T @ a
        g["Whh"] += hs[t].T @ a
        g["bh"] += a.sum(0)
        back = a @ model["Whh"].T
        if truncate and (T - t) % truncate == 0:
            back[:] = 0
    for k in g:
        np.clip(g[k], -5, 5, out=g[k])
    return g, loss, hs[-1]
