"""misconception: mean_over_sequences"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    mode = model.training
    model.eval()
    total = n = 0
    with torch.no_grad():
        for ids, targets in batches:
            logits = model(ids)[0]
            total += F.cross_entropy(logits.flatten(0, 1), targets.flatten()).item() * len(ids)
            n += len(ids)
    model.train(mode)
    return math.exp(total / n)
