"""misconception: differentiated_automatically

Torch does it.
"""

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
    p = {k: torch.tensor(v, requires_grad=True) for k, v in model.items()}
    h = torch.tensor(initial_state)
    loss = 0
    T = len(X_train)
    for t in range(T):
        if truncate is not None and t and (T - t) % truncate == 0: h = h.detach()
        h = torch.tanh(torch.tensor(X_train[t]) @ p["Wxh"] + h @ p["Whh"] + p["bh"])
        loss = loss + nn.functional.cross_entropy(h @ p["Why"] + p["by"], torch.tensor(np.ravel(y_train[t])))
    loss = loss / T
    loss.backward()
    return {k: v.grad.clamp(-5, 5).numpy() for k, v in p.items()}, loss.item(), h.detach().numpy()
