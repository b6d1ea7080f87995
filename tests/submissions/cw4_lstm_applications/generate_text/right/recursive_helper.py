"""helpers for warming and choosing"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def warm(model, ids):
    return model(torch.as_tensor(ids).long().unsqueeze(0))


def choose(logits, temperature, rng):
    if temperature == 0:
        return int(torch.argmax(logits))
    weights = torch.exp((logits - torch.max(logits)) / temperature)
    return int(torch.multinomial(weights, 1, generator=rng))


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    logits, state = warm(model, vocab.encode(prefix))
    text = prefix
    for _ in range(n):
        token = choose(logits[0, -1], temperature, rng)
        text = text + vocab.tokens[token]
        logits, state = model(torch.tensor([[token]]), state)
    return text
