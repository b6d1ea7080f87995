"""misconception: not_evaluation_mode

The model is in evaluation mode, but gradients are on.
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
    if True:
        for _ in range(trials):
            x, lengths, y = draw(n, rng)
            counts.append(int((model(x, lengths).argmax(1) != y).sum()))
    return np.mean(counts), np.std(counts, ddof=1)
