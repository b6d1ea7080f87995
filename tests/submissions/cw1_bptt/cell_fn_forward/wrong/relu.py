"""misconception: other_activation

ReLU for tanh.
"""

import numpy as np


def _logsumexp(a):
    top = np.amax(a, axis=-1, keepdims=True)
    return top + np.log(np.sum(np.exp(a - top), axis=-1, keepdims=True))


def cell_fn_forward(X, h, model, train=True):
    a = np.einsum("bd,dh->bh", X, model["Wxh"])
    a = a + np.einsum("bi,ij->bj", h, model["Whh"]) + model["bh"]
    new = np.maximum(0, a)
    y = np.einsum("bh,hk->bk", new, model["Why"]) + model["by"]
    out = y if train else np.exp(y - _logsumexp(y))
    return out, new, [X, h, a, new, y, model]
