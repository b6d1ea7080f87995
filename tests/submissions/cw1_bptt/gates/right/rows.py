"""One row at a time."""

import numpy as np


def s(v):
    return 1.0 / (1.0 + np.exp(-v))


def gru_step(x, h, model):
    out = np.zeros_like(h)
    for b in range(len(x)):
        z = s(x[b] @ model["Wxz"] + h[b] @ model["Whz"] + model["bz"][0])
        r = s(x[b] @ model["Wxr"] + h[b] @ model["Whr"] + model["br"][0])
        n = np.tanh(x[b] @ model["Wxh"] + (r * h[b]) @ model["Whh"] + model["bh"][0])
        out[b] = z * h[b] + (1 - z) * n
    return out


def lstm_step(x, h, c, model):
    hs, cs = [], []
    for xb, hb, cb in zip(x, h, c):
        a = {k: xb @ model["Wx" + k] + hb @ model["Wh" + k] + model["b" + k].squeeze(0) for k in "ifog"}
        cs.append(s(a["f"]) * cb + s(a["i"]) * np.tanh(a["g"]))
        hs.append(s(a["o"]) * np.tanh(cs[-1]))
    return np.stack(hs), np.stack(cs)
