"""sorted probabilities"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    out, state = model(torch.as_tensor(vocab.encode(prefix)).unsqueeze(0))
    chars = [prefix]
    for _ in range(n):
        z = out[:, -1].flatten()
        values, order = z.sort(descending=True)
        if temperature == 0:
            k = order[0]
        else:
            p = (values / temperature).softmax(0).cumsum(0)
            k = order[min(int((p < torch.rand(1, generator=rng, dtype=p.dtype)).sum()), len(p) - 1)]
        chars.extend(vocab.decode([k]))
        out, state = model(k.view(1, 1), state)
    return "".join(chars)
