"""probabilities to the power 1/T"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    with torch.no_grad():
        logits, state = model(torch.from_numpy(vocab.encode(prefix))[None])
        for _ in range(n):
            p = logits[0, -1].softmax(0)
            if temperature == 0:
                i = p.argmax().view(1)
            else:
                i = (p ** (1 / temperature)).multinomial(1, generator=rng)
            prefix += "".join(vocab.decode(i))
            logits, state = model(i[None], state)
    return prefix
