"""misconception: parameters_not_all_checked"""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    return (y if train else softmax(y)), h_new, (X, h, h_new, model)


def rnn_forward(X_train, y_train, model, initial_state, verbose=True):
    h, ys, caches, loss = initial_state, [], [], 0.0
    for X, labels in zip(X_train, y_train):
        y, h, cache = cell_fn_forward(X, h, model)
        loss += -np.log(softmax(y)[np.arange(len(y)), labels] + 1e-15).mean()
        ys.append(y)
        caches.append(cache)
    return h, ys, caches, loss


def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h, h_new, model = cache
    dy = softmax(y_pred)
    dy[np.arange(len(dy)), y_train] -= 1
    dy /= len(dy)
    da = (dy @ model["Why"].T + dh_next) * (1 - h_new**2)
    grad = {
        "Wxh": X.T @ da, "Whh": h.T @ da, "Why": h_new.T @ dy,
        "bh": da.sum(axis=0, keepdims=True), "by": dy.sum(axis=0, keepdims=True),
    }
    return grad, da @ model["Whh"].T


def bptt(model, X_train, y_train, initial_state):
    h, ys, caches, loss = rnn_forward(X_train, y_train, model, initial_state, verbose=False)
    T = len(X_train)
    grads = {k: np.zeros_like(v) for k, v in model.items()}
    dh = np.zeros_like(h)
    for t in reversed(range(T)):
        grad, dh = cell_fn_backward(ys[t], y_train[t], dh, caches[t])
        for k in grads:
            grads[k] += grad[k]
    for k in grads:
        grads[k] = np.clip(grads[k] / T, -5.0, 5.0)
    return grads, loss / T, h


def rnn_gradient_check(model, x, y, init_state, h=1e-3, error_threshold=0.01, backward=bptt):
    grads, _, _ = backward(model, x, y, init_state)
    T = len(x)
    ok = []
    for key in ["Wxh", "Whh", "bh", "by"]:
        flat, found = model[key].reshape(-1), np.asarray(grads[key]).reshape(-1)
        errors = []
        for j in range(flat.size):
            keep = flat[j].copy()
            losses = []
            for sign in (+1, -1):
                flat[j] = keep + sign * h
                losses.append(rnn_forward(x, y, model, init_state, False)[3] / T)
            flat[j] = keep
            slope = (losses[0] - losses[1]) / 2 / h
            if slope == found[j]:
                errors.append(0.0)
            else:
                errors.append(abs(slope - found[j]) / max(abs(slope), abs(found[j])))
        print(key, "max", max(errors))
        ok.append(max(errors) < error_threshold)
    return np.all(ok)
