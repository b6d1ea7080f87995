"""the inverse of the distribution function"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    def pick(z):
        if temperature < 1e-8:
            return z.argmax()
        z = (z - z.max()) / temperature
        cdf = z.exp().cumsum(0)
        u = torch.rand((), generator=rng, dtype=cdf.dtype) * cdf[-1]
        return torch.searchsorted(cdf, u).clamp(max=len(z) - 1)

    result = list(prefix)
    with torch.no_grad():
        z, state = model(torch.tensor(vocab.encode(prefix)).reshape(1, -1), None)
        for _ in range(n):
            token = pick(z[0, -1])
            result += vocab.decode([token])
            z, state = model(token.reshape(1, 1), state)
    return "".join(result)
