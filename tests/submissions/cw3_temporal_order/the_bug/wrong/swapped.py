"""misconception: no_pair

The pair the other way round.
"""

import math

import torch
import torch.nn.functional as F


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    logits = model(inputs)
    last = logits[torch.arange(len(logits)), lengths - 1]
    labels = one_hot.argmax(1)
    return int((last.argmax(1) == labels).sum()), F.cross_entropy(last, labels)


floor = -(1 / 8 * math.log(1 / 8) + 7 / 8 * math.log(7 / 8))
