"""misconception: not_written

Nothing written.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def training_step(model, batch):
    raise NotImplementedError()


floor = None
