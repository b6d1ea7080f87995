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
    box = [initial_state]
    def one(x):
        y, box[0], c = cell_fn_forward(x, box[0], model); return y, c
    ys, caches = map(list, zip(*map(one, X_train)))
    K = ys[0].shape[1]
    loss = 0.
    for y, t in zip(ys, y_train):
        hot = np.zeros_like(y); hot[np.arange(len(y)), np.array(t).reshape(-1)] = 1
        z = y - y.max(-1, keepdims=True)
        loss -= (hot * (z - np.log(np.exp(z).sum(-1, keepdims=True)))).sum() / len(y)
    if verbose: print(loss)
    return box[0], ys, caches, loss
