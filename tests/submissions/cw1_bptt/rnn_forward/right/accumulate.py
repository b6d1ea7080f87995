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
    steps = list(itertools.accumulate(X_train, lambda a, x: cell_fn_forward(x, a[1], model), initial=(None, initial_state, None)))[1:]
    ys, hs, caches = map(list, zip(*steps))
    y_train = np.array(y_train, ndmin=2).T if np.ndim(y_train) == 1 else np.array(y_train)
    loss = 0.
    for y, t in zip(ys, y_train):
        d = y - np.take_along_axis(y, t[:, None], 1)
        mx = d.max(1)
        loss += (mx + np.log(np.exp(d - mx[:, None]).sum(1))).mean()
    if verbose: sys.stdout.write(f"loss {loss}\n")
    return hs[-1], ys, caches, loss
