"""misconception: gate_bias_missing

Forgets bh.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))



def gru_step(x, h, model):
    X, S = x.T, h.T
    z = sigmoid(model["Wxz"].T @ X + model["Whz"].T @ S + model["bz"].T)
    r = sigmoid(model["Wxr"].T @ X + model["Whr"].T @ S + model["br"].T)
    n = np.tanh(model["Wxh"].T @ X + model["Whh"].T @ (r * S))
    return (z * S + (1 - z) * n).T


def lstm_step(x, h, c, model):
    joined = np.vstack([x.T, h.T])

    def gate(k):
        return np.vstack([model["Wx" + k], model["Wh" + k]]).T @ joined + model["b" + k].T

    C = sigmoid(gate("f")) * c.T + sigmoid(gate("i")) * np.tanh(gate("g"))
    return (sigmoid(gate("o")) * np.tanh(C)).T, C.T
