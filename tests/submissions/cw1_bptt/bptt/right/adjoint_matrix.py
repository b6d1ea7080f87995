import functools, itertools, math, sys
import numpy as np
import torch
from torch import nn

def softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(X @ model["Wxh"] + h @ model["Whh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        return softmax(y), h_new, (X, h, h_new, model)
    return y, h_new, (X, h, h_new, model)

def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    h = initial_state
    ys, caches, loss = [], [], 0.0
    for X, target in zip(X_train, y_train):
        y, h, cache = cell_fn_forward(X, h, model, train=True)
        ys.append(y)
        caches.append(cache)
        target = np.reshape(target, -1)
        m = y.max(axis=1, keepdims=True)
        logp = y - m - np.log(np.exp(y - m).sum(axis=1, keepdims=True))
        loss += -np.mean(logp[np.arange(len(y)), target])
    if verbose:
        print("loss", loss)
    return h, ys, caches, loss

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h_old, h_new, model = cache
    B = len(y_pred)
    dy = softmax(y_pred)
    dy[np.arange(B), np.reshape(y_train, -1)] -= 1
    dy = dy / B
    dh = dy @ model["Why"].T + dh_next
    da = dh * (1 - h_new ** 2)
    grad = {
        "Wxh": X.T @ da,
        "Whh": h_old.T @ da,
        "Why": h_new.T @ dy,
        "bh": da.sum(axis=0, keepdims=True),
        "by": dy.sum(axis=0, keepdims=True),
    }
    return grad, da @ model["Whh"].T


def bptt(model, X_train, y_train, initial_state, truncate=None):
    """Explicit sums over pairs (t, s): dL_s/dh_t."""
    h, ys, caches, loss = rnn_forward(X_train, y_train, model, initial_state, verbose=False)
    T, B = len(ys), len(h)
    k = truncate or T
    hs = [initial_state]
    for x in X_train: hs.append(cell_fn_forward(x, hs[-1], model)[1])
    grads = {n: np.zeros_like(v) for n, v in model.items()}
    for s in range(T):
        dy = softmax(ys[s]); dy[np.arange(B), np.ravel(y_train[s])] -= 1; dy /= B * T
        grads["Why"] += hs[s + 1].T @ dy
        grads["by"] += dy.sum(0)
        d = dy @ model["Why"].T
        stop = T - ((T - 1 - s) // k + 1) * k
        for t in range(s, max(stop, 0) - 1, -1):
            d = d * (1 - hs[t + 1] ** 2)
            grads["Wxh"] += X_train[t].T @ d
            grads["Whh"] += hs[t].T @ d
            grads["bh"] += d.sum(0)
            d = d @ model["Whh"].T
    return {n: np.clip(v, -5, 5) for n, v in grads.items()}, loss / T, h
