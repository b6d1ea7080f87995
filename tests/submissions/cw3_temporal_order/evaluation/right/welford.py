"""A running mean and variance."""

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
    mean = m2 = 0.0
    with torch.no_grad():
        model.eval()
        for k in range(1, trials + 1):
            x, lengths, labels = draw(n, rng)
            wrong = float((model(x, lengths).argmax(1) != labels).sum())
            delta = wrong - mean
            mean += delta / k
            m2 += delta * (wrong - mean)
    return mean, math.sqrt(m2 / (trials - 1))
