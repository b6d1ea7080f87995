"""misconception: spread_is_range

The mean deviation.
"""

import math
import statistics
from collections import namedtuple

import numpy as np
import torch

from rnn_course.data import temporal_order


def draw(n, rng):
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


def wrong_predictions(model, rng, trials=10, n=3000):
    model.eval()
    counts = []
    with torch.no_grad():
        for _ in range(trials):
            x, lengths, labels = draw(n, rng)
            counts.append(int((model(x, lengths).argmax(1) != labels).sum()))
    return np.mean(counts), np.abs(np.array(counts) - np.mean(counts)).mean()
