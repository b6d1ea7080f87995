"""running product of probabilities in logarithms"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def perplexity(model, batches):
    old = model.training
    model.eval()
    log_likelihood = 0.0
    T = 0
    torch.set_grad_enabled(False)
    try:
        for batch in batches:
            x, y = batch[0], batch[1]
            z = model(x)[0]
            for t in range(y.size(1)):
                log_likelihood += (z[:, t].gather(1, y[:, t : t + 1]).squeeze(1) - z[:, t].logsumexp(1)).sum().item()
                T += y.size(0)
    finally:
        torch.set_grad_enabled(True)
        model.train(old)
    return float(np.exp(-log_likelihood / T))
