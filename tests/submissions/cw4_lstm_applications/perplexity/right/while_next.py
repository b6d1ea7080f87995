"""an iterator by hand"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    iterator = iter(batches)
    mode = model.training
    model.eval()
    a = b = 0
    with torch.no_grad():
        while True:
            try:
                ids, targets = next(iterator)
            except StopIteration:
                break
            logits = model(ids)[0]
            a += F.cross_entropy(logits.flatten(end_dim=1), targets.flatten(), reduction="sum")
            b += targets.numel()
    model.train(mode)
    return (a / b).exp().item()
