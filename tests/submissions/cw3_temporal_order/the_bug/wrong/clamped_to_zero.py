"""misconception: loss_at_wrong_step

The step before B.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    logits = model(inputs)
    steps = torch.clamp(lengths - 2, min=0)
    end = logits.gather(1, steps[:, None, None].expand(-1, 1, logits.shape[-1]))[:, 0]
    target = one_hot.argmax(1)
    return F.cross_entropy(end, target), int((end.argmax(1) == target).sum())


floor = -sum(p * math.log(p) for p in (1 / 8, 7 / 8))
