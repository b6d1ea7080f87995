"""means weighted by tokens"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def perplexity(model, batches):
    mode = model.training
    model.train(False)
    losses, sizes = [], []
    for x, y in batches:
        out = model(x)[0]
        losses.append(F.cross_entropy(out.transpose(1, 2), y).item())
        sizes.append(y.numel())
    model.train(mode)
    return float(np.exp(np.average(losses, weights=sizes)))
