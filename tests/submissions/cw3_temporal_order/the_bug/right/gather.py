"""gather at the end; the count as a tensor."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def training_step(model, batch):
    x, n, y = batch
    z = model(x)
    z = z.gather(1, (n - 1).view(-1, 1, 1).expand(-1, 1, z.shape[2])).squeeze(1)
    target = y.argmax(-1)
    return F.cross_entropy(z, target), (z.argmax(-1) == target).sum()


floor = torch.distributions.Bernoulli(torch.tensor(1 / 8)).entropy().item()
