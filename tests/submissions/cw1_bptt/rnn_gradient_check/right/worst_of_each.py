"""Every weight is tried in place; the largest error of each matrix is printed."""

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
    h, ys, caches, loss = rnn_forward(X_train, y_train, model, initial_state, verbose=False)
    T = len(X_train)
    total = {name: np.zeros_like(value) for name, value in model.items()}
    dh = np.zeros_like(h)
    for t in reversed(range(T)):
        grad, dh = cell_fn_backward(ys[t], np.reshape(y_train[t], -1), dh, caches[t])
        for name in total:
            total[name] += grad[name]
        if truncate is not None and (T - t) % truncate == 0:
            dh = np.zeros_like(dh)
    total = {name: np.clip(value / T, -5, 5) for name, value in total.items()}
    return total, loss / T, h


def rnn_gradient_check(model, x, y, init_state, h=1e-3, error_threshold=0.01, backward=bptt):
    grads = backward(model, x, y, init_state)[0]
    T = len(x)
    ok = True
    for name, W in model.items():
        worst = 0.0
        for index in np.ndindex(W.shape):
            old = W[index]
            W[index] = old + h
            up = rnn_forward(x, y, model, init_state, verbose=False)[3] / T
            W[index] = old - h
            down = rnn_forward(x, y, model, init_state, verbose=False)[3] / T
            W[index] = old
            n = (up - down) / (2 * h)
            a = grads[name][index]
            size = max(abs(a), abs(n))
            error = abs(a - n) / size if size > 0 else 0.0
            worst = max(worst, error)
        print(name, "largest error", worst)
        if worst >= error_threshold:
            ok = False
    return ok
