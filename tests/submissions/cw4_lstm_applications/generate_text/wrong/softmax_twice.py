"""misconception: wrong_distribution | draws_uniformly"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    ids = torch.as_tensor(vocab.encode(prefix))[None]
    logits, state = model(ids)
    written = []
    for _ in range(n):
        last = logits[0, -1]
        if temperature == 0:
            token = last.argmax()
        else:
            token = torch.multinomial(torch.softmax(torch.softmax(last / temperature, 0), 0), 1, generator=rng)[0]
        written.append(int(token))
        logits, state = model(token.view(1, 1), state)
    return prefix + "".join(vocab.decode(written))
