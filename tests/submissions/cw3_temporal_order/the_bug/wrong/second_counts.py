"""misconception: count_of_nearly_right

Right if the class is among the two likeliest.
"""

import math

import torch
import torch.nn.functional as F


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    logits = model(inputs)
    last = logits[torch.arange(len(logits)), lengths - 1]
    labels = one_hot.argmax(1)
    return F.cross_entropy(last, labels), int(
        (last.topk(2, 1).indices == labels[:, None]).any(1).sum()
    )


floor = -(1 / 8 * math.log(1 / 8) + 7 / 8 * math.log(7 / 8))
