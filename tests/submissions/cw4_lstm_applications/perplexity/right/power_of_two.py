"""bits and powers of two"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    was = model.training
    model.eval()
    bits = tokens = 0
    with torch.no_grad():
        for ids, targets in batches:
            p = model(ids)[0].softmax(-1)
            rows = p.view(-1, p.shape[-1])[torch.arange(targets.numel()), targets.reshape(-1)]
            bits += float(-torch.log2(rows).sum())
            tokens += len(rows)
    model.train(was)
    return 2 ** (bits / tokens)
