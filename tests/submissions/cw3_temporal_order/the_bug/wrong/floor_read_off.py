"""misconception: floor_read_off

The number of the statement's title.
"""

import torch
import torch.nn.functional as F


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    logits = model(inputs)
    last = logits[torch.arange(len(logits)), lengths - 1]
    labels = one_hot.argmax(1)
    return F.cross_entropy(last, labels), int((last.argmax(1) == labels).sum())


floor = 0.377
