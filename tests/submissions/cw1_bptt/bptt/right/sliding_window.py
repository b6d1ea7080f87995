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
    """Every loss flows back exactly k steps."""
    h, ys, caches, loss = rnn_forward(X_train, y_train, model, initial_state, verbose=False)
    T = len(ys); k = T if truncate is None else truncate
    tot = {n: np.zeros_like(w) for n, w in model.items()}
    for s in range(T):
        g, d = cell_fn_backward(ys[s], np.ravel(y_train[s]), np.zeros_like(h), caches[s])
        for n in tot: tot[n] += g[n]
        for t in range(s - 1, max(s - k, -1), -1):
            zero_g, zero_d = cell_fn_backward(ys[t], np.ravel(y_train[t]), np.zeros_like(h), caches[t])
            with_g, with_d = cell_fn_backward(ys[t], np.ravel(y_train[t]), d, caches[t])
            for n in tot: tot[n] += with_g[n] - zero_g[n]
            d = with_d - zero_d
    return {n: np.clip(g / T, -5, 5) for n, g in tot.items()}, loss / T, h
