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


def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h_old, _, model = cache
    p = {k: torch.tensor(v, requires_grad=True) for k, v in model.items()}
    h0 = torch.tensor(h_old, requires_grad=True)
    h = torch.tanh(torch.tensor(X) @ p["Wxh"] + h0 @ p["Whh"] + p["bh"])
    y = h @ p["Why"] + p["by"]
    loss = nn.functional.cross_entropy(y, torch.tensor(np.array(y_train)))
    (loss + (h * torch.tensor(dh_next)).sum()).backward()
    return {k: v.grad.numpy() for k, v in p.items()}, h0.grad.numpy()
