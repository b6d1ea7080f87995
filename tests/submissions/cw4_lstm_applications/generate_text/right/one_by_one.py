"""the prefix character by character"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    state, outputs = None, list(vocab.encode(prefix))
    with torch.no_grad():
        for token in outputs:
            logits, state = model(torch.tensor([[token]]), state)
        for i in range(n):
            z = logits.squeeze()
            if temperature > 0:
                p = (z / temperature).exp()
                p = p / p.sum()
                outputs.append(p.multinomial(1, generator=rng).item())
            else:
                outputs.append(int(z.argmax(-1)))
            if i < n - 1:
                logits, state = model(torch.tensor([[outputs[-1]]]), state)
    return "".join(vocab.decode(outputs))
