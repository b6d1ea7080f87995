"""misconception: last_character_twice"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    ids = torch.as_tensor(vocab.encode(prefix))[None]
    out, state = model(ids)
    last = ids[:, -1:]
    text = prefix
    for i in range(n):
        out, state = model(last, state)
        p = torch.softmax(out[0, -1] * (1 if temperature == 0 else temperature), 0)
        last = p.argmax().view(1, 1) if temperature == 0 else torch.multinomial(p, 1).view(1, 1)
        text += vocab.decode(last[0])[0]
    return text
