"""misconception: not_written

Nothing written.
"""

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


def train_until_solved(model, rng, max_sequences):
    raise NotImplementedError()
