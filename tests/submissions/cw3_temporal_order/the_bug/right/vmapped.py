"""A sum of log-probabilities picked by a product."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


def training_step(model, batch):
    inputs, lengths, one_hot = batch
    probabilities = model(inputs).log_softmax(-1)
    rows = torch.arange(len(inputs))
    chosen = probabilities[rows, lengths - 1]
    loss = -torch.einsum("bk,bk->", chosen, one_hot.to(chosen)) / len(rows)
    return loss, int(torch.sum(chosen.argmax(-1).eq(one_hot.argmax(-1))))


floor = -sum(p * math.log(p) for p in (1 / 8, 7 / 8))
