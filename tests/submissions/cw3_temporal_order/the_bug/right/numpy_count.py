"""The count made in NumPy."""

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
    n_right = np.count_nonzero(end.detach().numpy().argmax(1) == labels.numpy())
    return loss, n_right


floor = 0.3768
