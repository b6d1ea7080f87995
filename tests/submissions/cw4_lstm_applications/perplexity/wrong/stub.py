"""misconception: not_written"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    raise NotImplementedError()
