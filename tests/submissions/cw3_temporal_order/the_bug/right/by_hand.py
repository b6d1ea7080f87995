"""log_softmax times one-hot."""

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
    loss = -(F.log_softmax(end, -1) * one_hot).sum(-1).mean()
    n_right = int((end.argmax(dim=1) == labels).sum())
    return loss, n_right


p = np.array([1 / 8, 7 / 8])
floor = float(-(p * np.log(p)).sum())
