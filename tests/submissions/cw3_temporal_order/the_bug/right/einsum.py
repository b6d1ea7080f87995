"""A one-hot of the ends."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    logits = model(inputs)
    pick = F.one_hot(lengths - 1, logits.shape[1]).to(logits)
    end = torch.einsum('bt,btk->bk', pick, logits)
    labels = one_hot.argmax(dim=1)
    loss = F.cross_entropy(end, labels)
    n_right = int((end.argmax(dim=1) == labels).sum())
    return loss, n_right


floor = -(math.log(1 / 8) / 8 + 7 / 8 * math.log(7 / 8))
