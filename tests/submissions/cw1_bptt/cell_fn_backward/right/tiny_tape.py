"""A tiny reverse-mode tape of its own."""

import numpy as np


def softmax(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cell_fn_forward(X, h, model, train=True):
    h_new = np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])
    y = h_new @ model["Why"] + model["by"]
    cache = (X, h, h_new, model)
    return (y if train else softmax(y)), h_new, cache

def cell_fn_backward(y_pred, y_train, dh_next, cache):
    X, h, h_new, model = cache
    tape, g = [], {}

    def out():
        e = softmax(y_pred)
        e[np.arange(len(e)), y_train] -= 1
        g["y"] = e / len(e)

    def scores():
        g["by"], g["Why"] = g["y"].sum(0, keepdims=True), h_new.T @ g["y"]
        g["h"] = dh_next + g["y"] @ model["Why"].T

    def squash():
        g["a"] = g["h"] * (1 - h_new**2)

    def mix():
        g["bh"], g["Whh"], g["Wxh"] = g["a"].sum(0, keepdims=True), h.T @ g["a"], X.T @ g["a"]
        g["back"] = g["a"] @ model["Whh"].T

    tape += [mix, squash, scores, out]
    while tape:
        tape.pop()()
    return {k: g[k] for k in model}, g["back"]
