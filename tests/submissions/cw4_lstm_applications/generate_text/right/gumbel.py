"""the Gumbel trick"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    x, state, text = torch.from_numpy(vocab.encode(prefix)).unsqueeze(0), None, prefix
    for _ in range(n):
        logits, state = model(x, state)
        logits = logits[:, -1]
        noise = -torch.log(-torch.log(torch.rand(logits.shape, generator=rng, dtype=torch.float64)))
        x = (logits + temperature * noise).argmax(-1, keepdim=True)
        text += vocab.decode(x[0])[0]
    return text
