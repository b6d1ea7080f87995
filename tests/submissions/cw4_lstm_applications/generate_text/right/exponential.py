"""exponential races"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    out = []
    with torch.no_grad():
        logits, state = model(torch.tensor(vocab.encode(prefix), dtype=torch.long).view(1, len(prefix)))
        for _ in range(n):
            z = logits[0, len(logits[0]) - 1]
            if temperature:
                p = torch.softmax(z / temperature, -1)
                race = torch.empty_like(p).exponential_(generator=rng)
                token = (p / race).argmax()
            else:
                token = z.argmax()
            out.append(token.item())
            logits, state = model(torch.tensor([[out[-1]]]), state)
    return prefix + "".join(vocab.decode(out))
