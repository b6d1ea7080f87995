import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


def perplexity(model, batches):
    before = model.training
    model.eval()
    mean, n = 0.0, 0
    with torch.no_grad():
        for ids, y in batches:
            loss = F.cross_entropy(model(ids)[0].permute(0, 2, 1), y).item()
            k = y.numel()
            n += k
            mean += (loss - mean) * k / n
    model.train() if before else model.eval()
    return float(np.exp(mean))
