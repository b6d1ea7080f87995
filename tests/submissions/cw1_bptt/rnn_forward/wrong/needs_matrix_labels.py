"""misconception: labels_one_shape

y_train[t, b].
"""

import numpy as np


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    if not train:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
    return y, h_new, (X, h, h_new, model)

def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    outs = []
    h = initial_state
    for x in X_train:
        outs.append(cell_fn_forward(x, h, model))
        h = outs[-1][1]
    ys = np.stack([o[0] for o in outs])
    T, B, K = ys.shape
    labels = y_train[:, :B]
    lse = np.logaddexp.reduce(ys, axis=2)
    right = np.take_along_axis(ys, labels[:, :, None], axis=2)[:, :, 0]
    loss = float((lse - right).sum() / B)
    return h, ys, [o[2] for o in outs], loss
