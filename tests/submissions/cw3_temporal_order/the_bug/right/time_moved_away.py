"""take_along_dim, and topk."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def last_logits(logits, lengths):
    return torch.take_along_dim(logits, (lengths - 1)[:, None, None], dim=1)[:, 0]


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    z = last_logits(model(inputs), lengths)
    classes = one_hot.topk(1, dim=1).indices[:, 0]
    with torch.no_grad():
        n_right = sum(z.topk(1).indices[:, 0].eq(classes).tolist())
    criterion = nn.NLLLoss()
    return criterion(nn.LogSoftmax(dim=1)(z), classes), n_right


floor = -(math.log(1 / 8) / 8 + 7 / 8 * math.log(7 / 8))
