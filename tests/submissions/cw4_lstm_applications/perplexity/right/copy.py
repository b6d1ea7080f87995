"""measures a copy in evaluation mode"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


import copy


def perplexity(model, batches):
    twin = copy.copy(model)
    twin.training = False
    loss, n = 0.0, 0
    with torch.no_grad():
        for x, y in batches:
            loss += F.cross_entropy(twin(x)[0].flatten(0, 1), y.flatten(), reduction="sum").item()
            n += y.nelement()
    return math.exp(loss / n)
