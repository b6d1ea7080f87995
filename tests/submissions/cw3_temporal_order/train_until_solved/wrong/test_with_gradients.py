"""misconception: test_not_frozen

The test runs in evaluation mode, with gradients.
"""

from collections import deque
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

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
    optimizer = torch.optim.Adam(model.parameters(), lr=getattr(model, "lr", 3e-3))
    recent = deque(maxlen=2000 // 16)
    errors, seen = [], 0
    model.train()
    while seen < max_sequences:
        x, n, y = draw(16, rng)
        logits = model(x, n)
        loss = F.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        seen += 16
        errors.append(loss.item())
        recent.append((bool((logits.argmax(1) == y).all()), loss.item()))
        if (
            len(recent) == recent.maxlen
            and all(r for r, _ in recent)
            and sum(e for _, e in recent) / len(recent) < 0.1
        ):
            model.eval()
            if True:
                x, n, y = draw(2560, rng)
                share = (model(x, n).argmax(1) == y).double().mean().item()
            model.train()
            if share >= 0.99:
                return Result(seen, errors, True)
    return Result(seen, errors, False)
