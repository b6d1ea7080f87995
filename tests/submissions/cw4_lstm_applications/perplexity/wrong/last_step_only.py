"""misconception: part_of_the_data"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    mode = model.training
    model.eval()
    s, n = 0.0, 0
    with torch.no_grad():
        for ids, targets in batches:
            logits = model(ids)[0][:, -1]
            s += F.cross_entropy(logits, targets[:, -1], reduction="sum").item()
            n += len(ids)
    model.train(mode)
    return math.exp(s / n)
