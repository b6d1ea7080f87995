from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from rnn_course.data import temporal_order


def draw(n, rng):
    """Return inputs (B, T, 8), lengths (B,) and labels (B,) as tensors; rng is NumPy's."""
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


class Result(NamedTuple):
    """What a training run came to."""

    sequences: int
    errors: list
    solved: bool


def train_until_solved(model, rng, max_sequences):
    optimizer = torch.optim.RMSprop(model.parameters(), lr=getattr(model, "lr", 3e-3))
    hits, losses, errors = [], [], []
    solved = False
    while len(hits) < max_sequences and not solved:
        model.train()
        x, n, y = draw(20, rng)
        logits = model(x, n)
        each = F.cross_entropy(logits, y, reduction="none")
        hits += (logits.argmax(1) == y).tolist()
        losses += each.tolist()
        errors.append(float(each.mean()))
        optimizer.zero_grad(set_to_none=True)
        each.mean().backward()
        torch.nn.utils.clip_grad_norm_(list(model.parameters()), 1.0)
        optimizer.step()
        if len(hits) >= 2000 and all(hits[-2000:]) and np.mean(losses[-2000:]) < 0.1:
            model.eval()
            with torch.no_grad():
                x, n, y = draw(2560, rng)
                solved = int((model(x, n).argmax(1) == y).sum()) / 2560 >= 0.99
    model.train()
    return Result(len(hits), errors, solved)
