"""misconception: unknown_name"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    model.eval()
    with torch.no_grad():
        total = sum(F.cross_entropy(model(x)[0].flatten(0, 1), y.flatten(), reduction="sum").item() for x, y in batches)
    return math.exp(total / num_tokens)
