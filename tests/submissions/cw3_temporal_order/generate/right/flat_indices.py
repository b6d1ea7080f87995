"""Flat indices into one long array."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


def generate_inputs_labels(n, rng):
    length = rng.integers(100, 111, n)
    flat = np.zeros(n * 110 * 8, np.float32)
    base = np.arange(n) * 110
    symbol = rng.integers(1, 5, n * 110)
    code = np.zeros(n, np.int64)
    for power, (a, b) in zip((4, 2, 1), ((10, 21), (33, 44), (66, 77))):
        bit = rng.integers(0, 2, n)
        symbol[base + rng.integers(a, b, n)] = bit + 5
        code += power * bit
    symbol[base] = 0
    symbol[base + length - 1] = 7
    live = (np.arange(n * 110) % 110) < np.repeat(length, 110)
    flat[(np.arange(n * 110) * 8 + symbol)[live]] = 1
    return flat.reshape(n, 110, 8), length, code
