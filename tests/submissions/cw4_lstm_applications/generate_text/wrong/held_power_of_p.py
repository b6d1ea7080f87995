"""misconception: temperature_inverted"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    z, state = model(torch.as_tensor(vocab.encode(prefix))[None])
    out = []
    for _ in range(n):
        p = z[0, -1].softmax(0)
        token = p.argmax().view(1) if temperature == 0 else torch.multinomial(p**temperature, 1, generator=rng)
        out.append(token.item())
        z, state = model(token.view(1, 1), state)
    return prefix + "".join(vocab.decode(out))
