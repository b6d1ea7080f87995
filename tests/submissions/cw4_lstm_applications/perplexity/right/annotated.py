"""typed and with default device"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model: nn.Module, batches, device=None) -> float:
    """Return e to the mean loss in nats a token."""
    device = device or next(model.parameters()).device
    state = model.training
    model.eval()
    nats, tokens = 0.0, 0
    for ids, targets in batches:
        with torch.no_grad():
            logits, *_ = model(ids.to(device))
            target_logits = torch.take_along_dim(logits, targets.to(device)[..., None], -1)[..., 0]
            nats += (torch.logsumexp(logits, -1) - target_logits).sum().item()
        tokens += targets.numel()
    model.train(state)
    return math.exp(nats / tokens)
