"""The module, and item()."""

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
    loss = nn.CrossEntropyLoss()(end, labels)
    n_right = (end.argmax(dim=1) == labels).sum().item()
    return loss, n_right


floor = np.log(8) - 7 / 8 * np.log(7)
