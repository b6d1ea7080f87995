"""misconception: not_warmed_up | state_dropped"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    for ch in prefix:
        z, state = model(torch.as_tensor(vocab.encode(ch))[None])
    out = prefix
    for _ in range(n):
        z = z[0, -1]
        token = z.argmax().view(1) if temperature == 0 else torch.multinomial((z / temperature).softmax(0), 1, generator=rng)
        out += vocab.decode(token)[0]
        z, state = model(token[None], state)
    return out
