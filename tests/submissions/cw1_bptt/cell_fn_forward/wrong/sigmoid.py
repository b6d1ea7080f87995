"""misconception: other_activation

Sigmoid for tanh.
"""

import numpy as np
from scipy.special import expit


def one_row(row):
    row = np.exp(row - row.max())
    return row / row.sum()


def cell_fn_forward(X, h, model, train=True):
    drive = np.add(np.dot(h, model["Whh"]), np.dot(X, model["Wxh"]))
    drive = np.add(drive, model["bh"])
    new = expit(drive)
    y = np.add(np.dot(new, model["Why"]), model["by"])
    if not train:
        y = np.apply_along_axis(one_row, 1, y)
    return y, new, dict(X=X, h=h, new=new, model=model)
