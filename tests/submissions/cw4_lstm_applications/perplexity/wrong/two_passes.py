"""misconception: not_iterated_once"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    mode = model.training
    model.eval()
    n = sum(t.numel() for _, t in batches)
    total = 0.0
    with torch.no_grad():
        for ids, targets in batches:
            total += F.cross_entropy(model(ids)[0].flatten(0, 1), targets.flatten(), reduction="sum").item()
    model.train(mode)
    return math.exp(total / n)
