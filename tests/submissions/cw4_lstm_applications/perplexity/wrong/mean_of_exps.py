"""misconception: mean_of_exponentials"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    was_training = model.training
    model.eval()
    losses = []
    with torch.no_grad():
        for ids, targets in batches:
            logits, _ = model(ids)
            losses.append(F.cross_entropy(logits.flatten(0, 1), targets.flatten()).item())
    model.train(was_training)
    return float(np.mean(np.exp(losses)))
