"""misconception: no_pair

Only the loss.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    logits = model(inputs)
    end = logits[torch.arange(len(inputs)), lengths - 1]
    labels = one_hot.argmax(dim=1)
    loss = F.cross_entropy(end, labels)
    n_right = int((end.argmax(dim=1) == labels).sum())
    return loss


floor = -(math.log(1 / 8) / 8 + 7 / 8 * math.log(7 / 8))
