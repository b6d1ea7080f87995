"""misconception: mean_over_batches | mean_over_sequences"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    was = model.training
    model.eval()
    average = 0.0
    with torch.no_grad():
        for i, (x, y) in enumerate(batches, 1):
            average += (F.cross_entropy(model(x)[0].mT, y).item() - average) / i
    model.train(was)
    return math.exp(average)
