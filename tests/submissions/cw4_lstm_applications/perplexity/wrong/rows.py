"""misconception: mean_over_sequences"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    mode = model.training
    model.eval()
    rows = []
    with torch.no_grad():
        for ids, targets in batches:
            loss = F.cross_entropy(model(ids)[0].transpose(1, 2), targets, reduction="none")
            rows.extend(loss.mean(1).tolist())
    model.train(mode)
    return math.exp(np.mean(rows))
