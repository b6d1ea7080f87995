"""A generator of counts."""

import math
import statistics
from collections import namedtuple

import numpy as np
import torch

from rnn_course.data import temporal_order


def draw(n, rng):
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


def trial_counts(model, rng, trials, n):
    for _ in range(trials):
        x, lengths, y = draw(n, rng)
        with torch.inference_mode():
            guess = model(x, lengths).topk(1).indices[:, 0]
        yield guess.ne(y).sum().item()


def wrong_predictions(model, rng, trials=10, n=3000):
    values = np.fromiter(trial_counts(model.eval(), rng, trials, n), dtype=float)
    return values.mean(), np.sqrt(values.var(ddof=1))
