"""a generator of tokens"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def stream(model, ids, temperature, rng):
    state = None
    while True:
        logits, state = model(ids, state)
        z = logits[0, -1]
        ids = z.argmax().reshape(1, 1) if temperature == 0 else torch.multinomial(torch.softmax(z / temperature, -1), 1, generator=rng).reshape(1, 1)
        yield ids.item()


def generate_text(model, prefix, n, vocab, temperature, rng):
    tokens = stream(model, torch.as_tensor(vocab.encode(prefix)).view(1, -1), temperature, rng)
    with torch.no_grad():
        return prefix + "".join(vocab.decode([next(tokens) for _ in range(n)]))
