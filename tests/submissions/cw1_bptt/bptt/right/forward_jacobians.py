"""Products of Jacobians, forward: no dh_next at all."""

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


def bptt(model, X_train, y_train, initial_state):
    h, ys, caches, loss = rnn_forward(X_train, y_train, model, initial_state, verbose=False)
    T, B, H = len(ys), *h.shape
    grads = {k: np.zeros_like(v) for k, v in model.items()}
    for s in range(T):
        X, old, new, m = caches[s]
        dnew = np.zeros_like(new)
        jac = np.stack([np.eye(H)] * B)
        for t in range(s, T):
            if t > s:
                slope = 1 - caches[t][2] ** 2
                jac = np.einsum("bij,jk,bk->bik", jac, m["Whh"], slope)
            e = softmax(ys[t])
            e[np.arange(B), y_train[t]] -= 1
            e = e / (B * T)
            if t == s:
                grads["Why"] += new.T @ e
                grads["by"] += e.sum(0, keepdims=True)
            dnew += np.einsum("bij,bj->bi", jac, e @ m["Why"].T)
        a = dnew * (1 - new**2)
        grads["Wxh"] += X.T @ a
        grads["Whh"] += old.T @ a
        grads["bh"] += a.sum(0, keepdims=True)
    return {k: np.clip(v, -5, 5) for k, v in grads.items()}, loss / T, h
