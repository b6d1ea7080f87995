"""misconception: wrong_base"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    was = model.training
    model.eval()
    bits = n = 0
    with torch.no_grad():
        for x, y in batches:
            bits += F.cross_entropy(model(x)[0].mT, y, reduction="sum").item() / math.log(2)
            n += y.numel()
    model.train(was)
    return math.exp(bits / n)
