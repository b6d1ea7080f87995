"""misconception: wrong_step_read | not_warmed_up"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    ids = torch.as_tensor(vocab.encode(prefix))[None]
    logits, state = model(ids[:, :-1])
    out = []
    for _ in range(n):
        z = logits[0, -1]
        token = z.argmax() if temperature == 0 else torch.multinomial((z / temperature).softmax(0), 1, generator=rng)
        out.append(int(token))
        logits, state = model(token.view(1, 1), state)
    return prefix + "".join(vocab.decode(out))
