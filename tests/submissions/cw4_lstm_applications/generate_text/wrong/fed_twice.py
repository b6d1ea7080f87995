"""misconception: last_character_twice"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    ids = torch.as_tensor(vocab.encode(prefix))[None]
    _, state = model(ids)
    token, out = ids[:, -1:], []
    for _ in range(n):
        logits, state = model(token, state)
        z = logits[0, -1]
        token = z.argmax().view(1, 1) if temperature == 0 else torch.multinomial((z / temperature).softmax(0), 1, generator=rng).view(1, 1)
        out.append(token.item())
    return prefix + "".join(vocab.decode(out))
