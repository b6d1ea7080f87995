"""misconception: length_wrong

Lengths leave out the three symbols.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


def generate_inputs_labels(n, rng):
    length = rng.integers(100, 111, n)
    grid, rows = rng.integers(1, 5, (n, 110)), np.arange(n)
    label = np.zeros(n, int)
    for a, b in ((10, 21), (33, 44), (66, 77)):
        y = rng.integers(0, 2, n)
        grid[rows, rng.integers(a, b, n)], label = 5 + y, 2 * label + y
    grid[:, 0], grid[rows, length - 1] = 0, 7
    x = (np.eye(8)[grid] * (np.arange(110) < length[:, None])[..., None]).astype("f4")
    return x, length - 3, label
