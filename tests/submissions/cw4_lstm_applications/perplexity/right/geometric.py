import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


def perplexity(model, batches):
    """exp of weighted average of log: product of powers."""
    import contextlib
    @contextlib.contextmanager
    def evaluating(m):
        old = m.training
        m.eval()
        try:
            yield
        finally:
            m.train(old)
    with evaluating(model), torch.no_grad():
        parts = [(y.numel(), nn.functional.cross_entropy(model(x)[0].reshape(-1, model(x)[0].size(-1)), y.reshape(-1)).item()) for x, y in batches]
    N = sum(n for n, _ in parts)
    return math.prod(math.exp(l) ** (n / N) for n, l in parts)
