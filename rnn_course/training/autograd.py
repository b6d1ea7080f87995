"""The gradients of a plain network by automatic differentiation, with nothing cut off."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch.nn.functional import cross_entropy


def exact_gradients(
    model: Mapping[str, np.ndarray],
    inputs: Sequence[np.ndarray],
    labels: np.ndarray,
    start: np.ndarray,
) -> tuple[dict[str, np.ndarray], float]:
    """Let torch differentiate the mean loss of a plain recurrent network over its steps.

    Args:
        model: Wxh (D, H), Whh (H, H), Why (H, K), bh (1, H), by (1, K).
        inputs: T arrays (B, D).
        labels: right classes, (T, B) or (T,) for B = 1.
        start: first state (B, H).

    Returns:
        A gradient for each parameter, under its name; and the loss.
    """
    weights = {name: torch.tensor(value, requires_grad=True) for name, value in model.items()}
    state, losses = torch.tensor(start), []
    targets = torch.tensor(np.reshape(labels, (len(inputs), -1)), dtype=torch.long)
    for x, right in zip(map(torch.tensor, inputs), targets, strict=True):
        pushed = torch.addmm(weights["bh"], x, weights["Wxh"])
        state = torch.addmm(pushed, state, weights["Whh"]).tanh()
        losses.append(cross_entropy(torch.addmm(weights["by"], state, weights["Why"]), right))
    loss = torch.stack(losses).mean()
    found = torch.autograd.grad(loss, list(weights.values()))
    return {name: g.numpy() for name, g in zip(weights, found, strict=True)}, float(loss.detach())
