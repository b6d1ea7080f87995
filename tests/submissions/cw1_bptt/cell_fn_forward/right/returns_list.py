"""A list comes back, other argument names, no cache needed."""

import numpy as np


def cell_fn_forward(x_t, h_prev, params, training=True):
    pre = sum([x_t @ params["Wxh"], h_prev @ params["Whh"], params["bh"]])
    h_t = np.sinh(pre) / np.cosh(pre)
    logits = h_t @ params["Why"] + params["by"]
    if not training:
        logits = 1 / np.exp(logits[:, None, :] - logits[:, :, None]).sum(2)
    return [logits, h_t, None]
