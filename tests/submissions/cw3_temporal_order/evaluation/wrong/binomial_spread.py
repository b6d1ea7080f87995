"""misconception: spread_from_the_mean

The spread that the binomial formula expects.
"""

import numpy as np
import torch

from rnn_course.data import temporal_order


def draw(n, rng):
    """Return inputs (B, T, 8), lengths (B,) and labels (B,) as tensors; rng is NumPy's."""
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


def wrong_predictions(model, rng, trials=10, n=3000):
    counts = []
    model.eval()
    with torch.no_grad():
        for _ in range(trials):
            x, lengths, y = draw(n, rng)
            counts.append(int((model(x, lengths).argmax(1) != y).sum()))
    return np.mean(counts), np.sqrt(np.mean(counts) * (1 - np.mean(counts) / n))
