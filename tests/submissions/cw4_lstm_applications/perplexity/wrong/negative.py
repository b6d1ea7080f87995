"""misconception: perplexity_inverted"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    was_training = model.training
    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for ids, targets in batches:
            logits, _ = model(ids)
            total += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum").item()
            count += targets.numel()
    model.train(was_training)
    return math.exp(-total / count)
