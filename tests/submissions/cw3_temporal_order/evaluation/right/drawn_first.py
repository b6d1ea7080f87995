"""All sequences of a trial drawn by a helper."""

import math
import statistics
from collections import namedtuple

import numpy as np
import torch

from rnn_course.data import temporal_order


def draw(n, rng):
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


def one_trial(model, rng, n):
    batch = draw(n, rng)
    with torch.no_grad():
        logits = model(*batch[:2])
    return np.count_nonzero(logits.numpy().argmax(axis=1) - batch[2].numpy())


def wrong_predictions(model, rng, trials=10, n=3000):
    was = model.training
    model.eval()
    c = np.array([one_trial(model, rng, n) for _ in range(trials)])
    model.train(was)
    return c.mean(), ((c - c.mean()) ** 2).sum().__truediv__(trials - 1) ** 0.5
