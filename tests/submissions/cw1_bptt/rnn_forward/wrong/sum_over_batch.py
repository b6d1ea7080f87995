"""misconception: loss_summed_over_batch

Sum over the batch.
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

class Run:
    def __init__(self, model, state):
        self.model, self.state = model, state
        self.ys, self.caches, self.losses = [], [], []

    def read(self, x, target):
        y, self.state, cache = cell_fn_forward(x, self.state, self.model)
        self.ys.append(y)
        self.caches.append(cache)
        picked = y[np.arange(len(y)), np.broadcast_to(target, len(y))]
        top = y.max(axis=-1)
        lse = top + np.log(np.exp(y - top[:, None]).sum(axis=-1))
        self.losses.append((lse - picked).sum())


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    run = Run(model, initial_state)
    for x, target in zip(X_train, y_train):
        run.read(x, target)
    loss = sum(run.losses)
    if verbose:
        print("loss", loss)
    return run.state, run.ys, run.caches, loss
