"""misconception: not_greedy_at_zero"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    logits, state = model(torch.as_tensor(vocab.encode(prefix))[None])
    out = []
    for _ in range(n):
        token = torch.multinomial(torch.softmax(logits[0, -1] / temperature, 0), 1, generator=rng)
        out.append(int(token))
        logits, state = model(token.view(1, 1), state)
    return prefix + "".join(vocab.decode(out))
