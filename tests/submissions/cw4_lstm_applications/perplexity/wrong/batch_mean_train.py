"""misconception: mean_over_batches | training_mode"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    losses = []
    for x, y in batches:
        out, h = model(x)
        losses.append(F.cross_entropy(out.view(-1, out.size(-1)), y.view(-1)).item())
    return np.exp(np.mean(losses)).item()
