"""misconception: other_mean"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    mode = model.training
    model.eval()
    p = []
    with torch.no_grad():
        for ids, targets in batches:
            p += model(ids)[0].softmax(-1).gather(-1, targets[..., None]).flatten().tolist()
    model.train(mode)
    return 1 / (sum(p) / len(p))
