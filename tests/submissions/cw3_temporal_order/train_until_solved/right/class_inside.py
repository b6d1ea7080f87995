"""The loop as an object."""

import math
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from rnn_course.data import temporal_order


def draw(n, rng):
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


class Result(NamedTuple):
    sequences: int
    errors: list
    solved: bool


class Loop:
    def __init__(self, model, rng):
        self.model, self.rng = model, rng
        self.opt = torch.optim.Adam(model.parameters(), lr=getattr(model, "lr", 3e-3))
        self.errors, self.ok, self.count = [], [], 0

    def train_batch(self):
        self.model.train()
        x, n, y = draw(25, self.rng)
        z = self.model(x, n)
        loss = F.nll_loss(F.log_softmax(z, -1), y)
        self.model.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.opt.step()
        self.count += 25
        self.errors.append(loss.detach().item())
        self.ok.append(bool((z.argmax(1) == y).all()))

    def quiet(self):
        return len(self.ok) >= 80 and all(self.ok[-80:]) and sum(self.errors[-80:]) / 80 < 0.1

    def tested(self):
        self.model.eval()
        with torch.no_grad():
            x, n, y = draw(3000, self.rng)
            return float((self.model(x, n).argmax(1) == y).float().mean()) >= 0.99


def train_until_solved(model, rng, max_sequences):
    loop = Loop(model, rng)
    solved = False
    while loop.count < max_sequences and not solved:
        loop.train_batch()
        solved = loop.quiet() and loop.tested()
    return Result(loop.count, loop.errors, solved)
